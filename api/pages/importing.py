"""导入企业名册: upload → look at what would happen → confirm. The file waits in a folder of the person's own, until it is
imported or for a day.
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path as Directory
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Visit, VisitDep, settings_of
from api.downloads import XLSX, attachment
from campaigns.actions.directory.register import import_register
from campaigns.actions.directory.register_plan import Outcome, plan_import
from campaigns.documents.register_workbook import annotated, read_register, template
from campaigns.errors import Invalid, NotFound
from campaigns.rules.permissions import Actor, Permission, check_somewhere
from campaigns.rules.register import HEADINGS
from campaigns.store.files import Folder

router = APIRouter()
SHOWN = 100
KEPT_FOR = timedelta(days=1)
TITLES = {name: headings[0] for name, headings in HEADINGS.items()}
StorageId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.get("/register/import")
def upload_page(visit: VisitDep) -> Response:
    """Ask for the workbook."""
    check_somewhere(visit.actor, Permission.MANAGE_REGISTER)
    return visit.page("register-import.html", errors={})


@router.get("/register/template.xlsx")
def template_file(visit: VisitDep) -> Response:
    """Give an empty register to fill in."""
    check_somewhere(visit.actor, Permission.MANAGE_REGISTER)
    return attachment(template(), "企业名册模板", XLSX)


@router.post("/register/upload")
def upload(effect: EffectDep) -> Response:
    """Read the workbook, keep it, and lead to the dry run; one that cannot be read is answered on the form."""
    check_somewhere(effect.actor, Permission.MANAGE_REGISTER)
    content, invalid = _readable(effect)
    _forget(effect.request, effect.now - KEPT_FOR)

    def keep(_session: Session) -> str:
        if invalid is not None:
            raise invalid
        return f"/register/import/{_store(effect.request, effect.actor).put(content)}"

    return effect.once(keep, refused=_refused)


@router.get("/register/import/{storage_id}")
def dry_run(visit: VisitDep, storage_id: StorageId) -> Response:
    """Show what importing would do, row by row and cell by cell."""
    content = _kept(visit.request, visit.actor, storage_id)
    plan = plan_import(visit.session, sheet=read_register(content), sha256=_sha256(content), by=visit.actor)
    return visit.page(
        "register-preview.html", plan=plan, outcomes=Outcome, titles=TITLES, shown=SHOWN, here=visit.request.url.path
    )


@router.get("/register/import/{storage_id}/checked.xlsx")
def checked_file(visit: VisitDep, storage_id: StorageId) -> Response:
    """Give the workbook back with each mistake beside its cell."""
    content = _kept(visit.request, visit.actor, storage_id)
    plan = plan_import(visit.session, sheet=read_register(content), sha256=_sha256(content), by=visit.actor)
    return attachment(annotated(plan.sheet, plan.problems), "名册导入检查", XLSX)


@router.post("/register/import/{storage_id}/confirm")
def confirm(effect: EffectDep, storage_id: StorageId) -> Response:
    """Do exactly what was shown."""
    store = _store(effect.request, effect.actor)
    kept = store.path(storage_id)
    content = kept.read_bytes() if kept.exists() else None
    sheet = None if content is None else read_register(content)

    def import_it(session: Session) -> str:
        if content is None or sheet is None:  # imported already, or left for more than a day
            raise NotFound
        shown = effect.text("fingerprint")
        import_register(session, sheet=sheet, sha256=_sha256(content), shown=shown, by=effect.actor, now=effect.now)
        return "/register"

    answer = effect.once(import_it, said="名册已导入。")
    store.remove(storage_id)
    return answer


def _readable(effect: Effect) -> tuple[bytes, Invalid | None]:
    """Read the upload before any transaction is open: a large workbook takes its time."""
    files = effect.files("file")
    if not files:
        return b"", Invalid("没有选择文件。", fields={"file": "请选择要导入的 Excel 文件。"})
    content = files[0].file.read()
    try:
        read_register(content)
    except Invalid as invalid:
        return content, invalid
    return content, None


def _refused(visit: Visit, invalid: Invalid) -> Response:
    return visit.page("register-import.html", status=422, errors=invalid.fields)


def _store(request: Request, actor: Actor) -> Folder:
    return Folder(_waiting_room(request) / str(actor.person_id))


def _waiting_room(request: Request) -> Directory:
    """Return the directory of uploads that wait for a decision, nobody else's on this machine to read."""
    waiting: Directory = settings_of(request).home / "imports"
    waiting.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting.chmod(0o700)
    return waiting


def _forget(request: Request, before: datetime) -> None:
    for person in _waiting_room(request).iterdir():
        store = Folder(person)
        for left in [one for one in store.stored() if one.written_at < before]:
            store.remove(left.storage_id)


def _kept(request: Request, actor: Actor, storage_id: str) -> bytes:
    try:
        return _store(request, actor).path(storage_id).read_bytes()
    except FileNotFoundError:
        raise NotFound from None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
