"""导入企业名册: upload → look at what would happen → confirm. The file waits meanwhile (api/waiting.py)."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Visit, VisitDep
from api.downloads import XLSX, attachment
from api.waiting import StorageId, forget, keep, kept, sha256_of, waiting_of
from campaigns.actions.directory.register import import_register
from campaigns.actions.directory.register_plan import Outcome, plan_import
from campaigns.documents.register_workbook import annotated, read_register, template
from campaigns.errors import Invalid, NotFound
from campaigns.rules.directory.register import HEADINGS
from campaigns.rules.permissions import Permission, check_somewhere

router = APIRouter()
SHOWN = 100
TITLES = {name: headings[0] for name, headings in HEADINGS.items()}


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
    forget(effect.request, effect.now)

    def wait(_session: Session) -> str:
        if invalid is not None:
            raise invalid
        return f"/register/import/{keep(effect, content)}"

    return effect.once(wait, refused=_refused)


@router.get("/register/import/{storage_id}")
def dry_run(visit: VisitDep, storage_id: StorageId) -> Response:
    """Show what importing would do, row by row and cell by cell."""
    content = kept(visit.request, visit.actor, storage_id)
    plan = plan_import(visit.session, sheet=read_register(content), sha256=sha256_of(content), by=visit.actor)
    return visit.page(
        "register-preview.html", plan=plan, outcomes=Outcome, titles=TITLES, shown=SHOWN, here=visit.request.url.path
    )


@router.get("/register/import/{storage_id}/checked.xlsx")
def checked_file(visit: VisitDep, storage_id: StorageId) -> Response:
    """Give the workbook back with each mistake beside its cell."""
    content = kept(visit.request, visit.actor, storage_id)
    plan = plan_import(visit.session, sheet=read_register(content), sha256=sha256_of(content), by=visit.actor)
    return attachment(annotated(plan.sheet, plan.problems), "名册导入检查", XLSX)


@router.post("/register/import/{storage_id}/confirm")
def confirm(effect: EffectDep, storage_id: StorageId) -> Response:
    """Do exactly what was shown."""
    store = waiting_of(effect.request, effect.actor)
    path = store.path(storage_id)
    content = path.read_bytes() if path.exists() else None
    sheet = None if content is None else read_register(content)

    def import_it(session: Session) -> str:
        if content is None or sheet is None:  # imported already, or left for more than a day
            raise NotFound
        shown = effect.text("fingerprint")
        import_register(session, sheet=sheet, sha256=sha256_of(content), shown=shown, by=effect.actor, now=effect.now)
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
