"""A submission reads back as it was filled in: every kind of blank in words."""

from campaigns.definition.form import Field, Form
from campaigns.queries.work.answers import FileLink, answers

FORM = Form(
    fields=(
        Field(title="排查日期", kind="日期"),
        Field(title="排查部位", kind="多选", choices=("坝体", "库区")),
        Field(title="参加人数", kind="整数", unit="人"),
        Field(title="投入资金", kind="金额", unit="万元"),
        Field(title="是否整改", kind="是否"),
        Field(title="现场照片", kind="照片"),
        Field(title="发现隐患", kind="隐患列表"),
    )
)


def words(**content: object) -> dict[str, str]:
    return {answer.label: answer.words for answer in answers(FORM, content)}


def test_each_kind_of_blank_is_read_in_its_own_way() -> None:
    assert words(排查日期="2023-05-02", 排查部位=["坝体", "库区"], 参加人数=36, 投入资金=125_000, 是否整改=0) == {
        "排查日期": "2023年5月2日",
        "排查部位": "坝体、库区",
        "参加人数": "36人",
        "投入资金": "12.5万元",
        "是否整改": "否",
    }


def test_blanks_come_in_the_order_of_the_form_and_unknown_ones_last() -> None:
    assert list(words(旧栏="留着", 参加人数=1, 排查日期="2023-05-02")) == ["排查日期", "参加人数", "旧栏"]


def test_photos_are_links_under_their_owners_names() -> None:
    kept = {"storage_id": "a" * 32, "name": "坝顶.jpg", "sha256": "0" * 64}
    (answer,) = answers(FORM, {"现场照片": [kept]})
    assert answer.files == (FileLink("a" * 32, "坝顶.jpg", True),)
    assert answer.words == "1个文件"


def test_hazards_are_rows_and_their_absence_is_said() -> None:
    row = {"title": "排洪沟淤堵", "location": "1号沟", "description": "", "major": 1, "rectification": "已清淤"}
    (answer,) = answers(FORM, {"发现隐患": [row]})
    assert answer.rows == (("排洪沟淤堵", "重大隐患；1号沟；已当场整改：已清淤"),)
    assert words(发现隐患=[]) == {"发现隐患": "没有发现隐患"}
