"""A phone behind a hill: the photo is made smaller, goes up when the line is back, and nothing that was typed is lost."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Route, expect
from sqlalchemy import select

from campaigns.store.files import Folder
from campaigns.store.work.tasks import Attachment
from tests.browser.office import PHONE, Office
from tests.factories import task_of
from tests.people import Cast

pytestmark = pytest.mark.browser
PATIENCE = 60_000
"""Milliseconds; drawing several megapixels takes a busy machine a while."""
AS_HELD = 6
"""EXIF's word for a camera that was held upright."""


def heavy_photo() -> bytes:
    """Return what a telephone takes: several megabytes, lying on its side with a note that it should stand."""
    picture, written, exif = Image.effect_noise((2000, 1500), 90).convert("RGB"), io.BytesIO(), Image.Exif()
    exif[0x0112] = AS_HELD
    picture.save(written, "JPEG", quality=92, exif=exif)
    return written.getvalue()


def test_a_photo_outlives_a_lost_line_and_what_is_typed_without_one_is_kept(
    office: Office, cast: Cast, tmp_path: Path
) -> None:
    with office.database.reading() as session:
        address = f"/tasks/{task_of(session, 'QY-01', cast.pond.id).id}"
    taken, tries = heavy_photo(), list[int]()

    def line(route: Route) -> None:
        tries.append(len(route.request.post_data_buffer or b""))
        route.abort("connectionreset") if len(tries) == 1 else route.continue_()

    with office.signed_in("principal", PHONE, lost_line=True) as page:
        page.route(re.compile(r"/files$"), line)
        page.goto(address)
        page.get_by_label("拍照或选照片").set_input_files(
            {"name": "坝顶 现场.jpg", "mimeType": "image/jpeg", "buffer": taken}
        )
        expect(page.get_by_role("checkbox", name="坝顶 现场.jpg")).to_be_checked(timeout=PATIENCE)
        expect(page.get_by_role("button", name="删除坝顶 现场.jpg")).to_be_visible()
        assert len(tries) == 2
        assert tries[0] == tries[1] < len(taken) / 2, "the same smaller photo under the same key"
        page.context.set_offline(True)
        page.get_by_label("带队人").fill("山里的卫矿长")
        expect(page.get_by_role("status")).to_contain_text("没有网络", timeout=PATIENCE)
        page.get_by_role("button", name="提交", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("还没有提交")
        office.look_at(page, "weak-network")
        page.context.set_offline(False)
        expect(page.get_by_role("status")).to_have_text("已保存 09:00", timeout=PATIENCE)
        page.evaluate("localStorage.clear()")
        page.reload()
        assert page.get_by_label("带队人").input_value() == "山里的卫矿长"
        expect(page.get_by_role("checkbox", name="坝顶 现场.jpg")).to_be_checked()
    with office.database.reading() as session:
        (kept,) = session.scalars(select(Attachment)).all()
    assert kept.name == "坝顶 现场.jpg"
    assert Image.open(io.BytesIO(Folder(tmp_path / "files").read(kept.storage_id))).size == (1200, 1600)


def test_a_step_on_a_hazard_says_that_there_is_no_line_and_keeps_what_was_typed(office: Office, cast: Cast) -> None:
    with office.signed_in("principal", PHONE, lost_line=True) as page:
        page.goto("/hazards/new")
        page.get_by_label("什么隐患").fill("盖板破损")
        page.get_by_role("button", name="登记", exact=True).click()
        page.get_by_label("措施").fill("更换盖板，临时用钢板盖住")
        page.context.set_offline(True)
        page.get_by_role("button", name="保存整改方案").click()
        expect(page.get_by_text("没有网络，还没有提交")).to_be_visible()
        page.context.set_offline(False)
        page.reload()
        assert page.get_by_label("措施").input_value() == "更换盖板，临时用钢板盖住"
        expect(page.get_by_text("已恢复上次没有提交的内容").locator("visible=true")).to_have_count(1)
