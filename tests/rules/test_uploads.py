"""What may be stored, told from the bytes."""

import io
import zipfile

import pytest
from PIL import ExifTags, Image, ImageChops, ImageStat

from campaigns.rules.files.thumbnails import SMALL_SIDE, Undrawable, drawn_small
from campaigns.rules.files.uploads import LARGEST, LONGEST_SIDE, MOST_PARTS, Upload, check_upload, shown_name
from campaigns.rules.work.fields import Wrong
from tests.pictures import PAPER, PROGRAM, damaged, photo, scene


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_forgets_what_the_camera_knew(form: str) -> None:
    kept = check_upload(Upload("坝顶.jpg", photo(form=form, artist="张三")), picture=True)
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert picture.format == form
        assert not dict(picture.getexif())
    assert "张三".encode() not in kept.content
    assert kept.content_type == f"image/{form.lower()}"


def test_a_photo_of_usual_size_keeps_the_pixels_it_was_taken_with() -> None:
    taken = scene(1, size=(5000, 300))
    kept = check_upload(Upload("坝顶.jpg", taken), picture=True)
    with Image.open(io.BytesIO(kept.content)) as picture, Image.open(io.BytesIO(taken)) as before:
        assert picture.tobytes() == before.tobytes()


def test_a_photo_is_kept_no_larger_than_a_screen_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.rules.files.uploads.LARGEST_AS_TAKEN", 1_000)
    for form, side in (("JPEG", 2500), ("PNG", LONGEST_SIDE)):  # a JPEG's decoder leaves every second row out
        kept = check_upload(Upload("大.jpg", photo(form=form, size=(5000, 100))), picture=True)
        with Image.open(io.BytesIO(kept.content)) as picture:
            assert max(picture.size) == side


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_has_a_thumbnail_for_weak_networks(form: str) -> None:
    kept = check_upload(Upload("坝顶.jpg", photo(form=form, size=(2000, 1500), artist="张三")), picture=True)
    drawn = drawn_small(kept.content)
    assert kept.small in (b"", drawn) or form in ("WEBP", "HEIF"), "what loses something twice differs a little"
    for thumbnail in (drawn, kept.small or drawn):
        with Image.open(io.BytesIO(thumbnail)) as small:
            assert (small.format, small.size) == ("JPEG", (SMALL_SIDE, SMALL_SIDE * 3 // 4))
            assert not dict(small.getexif())
        assert len(thumbnail) < 20_000


def test_a_telephones_photo_is_kept_without_being_decoded_and_a_bad_inside_shows_when_it_is_drawn() -> None:
    kept = check_upload(Upload("坏.jpg", damaged()), picture=True)
    assert kept.small == b""
    for content in (kept.content, b"", b"no picture"):
        with pytest.raises(Undrawable):
            drawn_small(content)


def test_a_photo_taken_upright_stands_upright_in_large_and_in_small() -> None:
    with Image.open(io.BytesIO(scene(1))) as lying:
        exif, written = Image.Exif(), io.BytesIO()
        exif[ExifTags.Base.Orientation], exif[ExifTags.Base.Model] = 6, "测试手机"
        lying.save(written, "JPEG", exif=exif)
        upright = lying.transpose(Image.Transpose.ROTATE_270)
    kept = check_upload(Upload("竖.jpg", written.getvalue()), picture=True)
    with Image.open(io.BytesIO(kept.content)) as picture, Image.open(io.BytesIO(drawn_small(kept.content))) as small:
        assert dict(picture.getexif()) == {ExifTags.Base.Orientation: 6}
        assert small.size == (SMALL_SIDE * 3 // 4, SMALL_SIDE)
        assert ImageStat.Stat(ImageChops.difference(small, upright.resize(small.size))).mean < [12, 12, 12]


def test_a_photo_in_printers_colours_is_drawn_in_a_screens() -> None:
    written = io.BytesIO()
    Image.new("CMYK", (40, 30), "red").save(written, "JPEG")
    kept = check_upload(Upload("印.jpg", written.getvalue()), picture=True)
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert picture.mode == "RGB"


def test_a_telephones_own_format_is_kept_as_one_that_offices_can_show() -> None:
    kept = check_upload(Upload("IMG_0001.HEIC", photo(form="HEIF", artist="张三")), picture=True)
    assert (kept.name, kept.content_type) == ("IMG_0001.jpg", "image/jpeg")
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (40, 30), {})


def _document(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **parts}.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_a_document_is_weighed_before_anybody_opens_it() -> None:
    assert check_upload(Upload("方案.docx", _document({})), picture=False).content_type.endswith(
        "wordprocessingml.document"
    )
    with pytest.raises(Wrong, match="”不能上传：文件解压后异常地大"):
        check_upload(Upload("方案.docx", _document({"word/media/1.bin": bytes(30 << 20)})), picture=False)
    with pytest.raises(Wrong, match="部件太多"):
        many = {f"word/{number}.xml": b"" for number in range(MOST_PARTS)}
        check_upload(Upload("方案.docx", _document(many)), picture=False)
    with pytest.raises(Wrong, match="文件已损坏"):
        check_upload(Upload("方案.docx", _document({})[:-30]), picture=False)


def test_a_paper_passes_where_a_paper_may_stand() -> None:
    assert check_upload(Upload("C:\\我的文档\\报告.pdf", PAPER), picture=False).name == "报告.pdf"
    with pytest.raises(Wrong, match="不是照片"):
        check_upload(Upload("报告.pdf", PAPER), picture=True)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.jpg", b"", "“空.jpg”是空的，请重新选择。"),
        ("程序.jpg", PROGRAM, "“程序.jpg”这种文件不能上传。可以传照片、PDF、Word、Excel、PPT 或 WPS 文件。"),
        (
            "网页.pdf",
            b"<html><script>alert(1)</script>",
            "“网页.pdf”这种文件不能上传。可以传照片、PDF、Word、Excel、PPT 或 WPS 文件。",
        ),
        ("断.jpg", photo()[:200], "“断.jpg”打不开，可能没有传完整，请重新拍摄或选择。"),
        ("太大.pdf", PAPER + b"\0" * LARGEST, "“太大.pdf”超过20MB，请压缩后再传。"),
    ],
)
def test_anything_else_is_answered_with_what_to_do(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(Wrong) as wrong:
        check_upload(Upload(name, content), picture=False)
    assert str(wrong.value) == sentence


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_drawn() -> None:
    header = bytearray(photo(form="PNG"))
    header[16:24] = (30_000).to_bytes(4, "big") * 2
    crc = __import__("zlib").crc32(header[12:29]).to_bytes(4, "big")
    header[29:33] = crc
    with pytest.raises(Wrong, match="像素太多"):
        check_upload(Upload("炸弹.png", bytes(header)), picture=True)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_one_with_too_many_pixels_is_told_so() -> None:
    header = bytearray(photo())
    frame = header.index(b"\xff\xc0")
    header[frame + 5 : frame + 9] = (8_000).to_bytes(2, "big") * 2
    with pytest.raises(Wrong, match="像素太多"):
        check_upload(Upload("大.jpg", bytes(header)), picture=True)


def test_a_long_name_keeps_its_ending() -> None:
    shown = shown_name("证" * 300 + ".pdf")
    assert shown.endswith("证.pdf")
    assert len(shown) <= 200
    assert shown_name("../../etc/\u202epasswd") == "passwd"


def test_a_photo_is_checked_once_however_often_it_is_checked() -> None:
    kept = check_upload(Upload("坝顶.jpg", photo()), picture=True)
    assert check_upload(kept, picture=True) is kept
