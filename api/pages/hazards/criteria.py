"""判定标准: the sets and their clauses to read, and the administrator's import: upload → look at it → confirm."""

from collections.abc import Mapping

import orjson
from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Visit, VisitDep
from api.downloads import XLSX, attachment
from api.waiting import StorageId, forget, keep, kept, waiting_of
from campaigns.actions.hazards.importing_criteria import import_criteria, plan_criteria
from campaigns.documents.criteria_workbook import clause_template, read_clause_sheet
from campaigns.errors import Invalid, NotFound
from campaigns.queries.hazards.criteria import Wanted, criteria_sets, criteria_version, set_head
from campaigns.rules.hazards.criteria_sheet import ClauseSheet, SetHead, read_head
from campaigns.rules.permissions import Permission, check_somewhere, may_somewhere

router = APIRouter()
HEAD = ("number", "title", "issued_on", "in_force_on", "ended_on", "sectors", "parts")
SHOWN = 100


@router.get("/criteria")
def set_list(visit: VisitDep) -> Response:
    """List the sets."""
    check_somewhere(visit.actor, Permission.SEE)
    may_import = may_somewhere(visit.actor, Permission.MANAGE_CRITERIA)
    cards = criteria_sets(visit.session, today=visit.today)
    return visit.page("criteria.html", cards=cards, may_import=may_import)


@router.get("/criteria/import")
def upload_page(visit: VisitDep, number: str = "") -> Response:
    """Ask for a set's head and its workbook; a known set comes filled in."""
    check_somewhere(visit.actor, Permission.MANAGE_CRITERIA)
    head = set_head(visit.session, number)
    return visit.page("criteria-import.html", errors={}, typed=_typed(head) if head else {}, known=head)


@router.get("/criteria/template.xlsx")
def template_file(visit: VisitDep, number: str = "") -> Response:
    """Give an empty sheet to fill in."""
    check_somewhere(visit.actor, Permission.MANAGE_CRITERIA)
    head = set_head(visit.session, number)
    return attachment(clause_template(head.parts if head else ()), "判定标准模板", XLSX)


@router.get("/criteria/{version_id}")
def version_page(visit: VisitDep, version_id: int, words: str = "", part: str = "") -> Response:
    """Show one version's clauses."""
    check_somewhere(visit.actor, Permission.SEE)
    wanted = Wanted(words.strip()[:60], part)
    found = criteria_version(visit.session, version_id, wanted, today=visit.today)
    return visit.page("criteria-version.html", found=found, wanted=wanted)


@router.post("/criteria/upload")
def upload(effect: EffectDep) -> Response:
    """Read head and workbook, keep the workbook, and lead to the dry run; what cannot be read is answered on the form."""
    check_somewhere(effect.actor, Permission.MANAGE_CRITERIA)
    content, invalid = _readable(effect)
    forget(effect.request, effect.now)
    typed = {name: effect.text(name) for name in HEAD}

    def wait(_session: Session) -> str:
        if invalid is not None:
            raise invalid
        return f"/criteria/import/{keep(effect, _bundled(typed, content))}"

    def refused(visit: Visit, wrong: Invalid) -> Response:
        return visit.page("criteria-import.html", status=422, errors=wrong.fields, typed=typed, known=None)

    return effect.once(wait, refused=refused)


@router.get("/criteria/import/{storage_id}")
def dry_run(visit: VisitDep, storage_id: StorageId) -> Response:
    """Show the version that an import would write, and every cell that stands in its way."""
    head, sheet = _opened(kept(visit.request, visit.actor, storage_id))
    plan = plan_criteria(visit.session, head=head, sheet=sheet, by=visit.actor)
    return visit.page("criteria-preview.html", plan=plan, sheet=sheet, shown=SHOWN, here=visit.request.url.path)


@router.post("/criteria/import/{storage_id}/confirm")
def confirm(effect: EffectDep, storage_id: StorageId) -> Response:
    """Do exactly what was shown."""
    check_somewhere(effect.actor, Permission.MANAGE_CRITERIA)
    store = waiting_of(effect.request, effect.actor)
    path = store.path(storage_id)
    found = _opened(path.read_bytes()) if path.exists() else None

    def import_it(session: Session) -> str:
        if found is None:  # imported already, or left for more than a day
            raise NotFound
        version = import_criteria(
            session,
            head=found[0],
            sheet=found[1],
            shown=effect.text("fingerprint"),
            by=effect.actor,
            now=effect.now,
        )
        return f"/criteria/{version.id}"

    answer = effect.once(import_it, said="已导入新版。以后登记和改判从这一版选，已经引用的不变。")
    store.remove(storage_id)
    return answer


def _readable(effect: Effect) -> tuple[bytes, Invalid | None]:
    """Read the upload before any transaction is open; every blank of the head is answered together with the file."""
    wrong: dict[str, str] = {}
    try:
        read_head(effect.values())
    except Invalid as invalid:
        wrong |= invalid.fields
    files = effect.files("file")
    content = files[0].file.read() if files else b""
    try:
        if not files:
            raise Invalid("没有选择文件。", fields={"file": "请选择要导入的 Excel 文件。"})
        read_clause_sheet(content)
    except Invalid as invalid:
        wrong |= invalid.fields
    if not wrong:
        return content, None
    return content, Invalid("没有导入。", fields=wrong, kept="判定标准没有改动。", advice="改好后再上传。")


def _bundled(typed: Mapping[str, str], content: bytes) -> bytes:
    """Keep the head with its workbook, so that what is confirmed is what was looked at: a line of JSON, then the file."""
    return orjson.dumps(typed) + b"\n" + content


def _opened(bundle: bytes) -> tuple[SetHead, ClauseSheet]:
    typed, _, content = bundle.partition(b"\n")
    return read_head(orjson.loads(typed)), read_clause_sheet(content)


def _typed(head: SetHead) -> Mapping[str, str]:
    return {
        "number": head.document_number,
        "title": head.title,
        "issued_on": head.issued_on.isoformat(),
        "in_force_on": head.in_force_on.isoformat(),
        "ended_on": head.ended_on.isoformat() if head.ended_on else "",
        "sectors": "、".join(head.sectors),
        "parts": "、".join(head.parts),
    }
