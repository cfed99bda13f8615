"""历史台账导入: upload → which column is what → look at what would happen → confirm, or take the workbook back with its mistakes.

Where the table stands and the year of dates without one travel in the address; what a bureau's columns and names mean is
remembered for its next file.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from openpyxl.utils import get_column_letter
from sqlmodel import Session

from api.deps import Effect, EffectDep, Visit, VisitDep
from api.downloads import XLSX, attachment
from api.sent import sent_version
from api.waiting import StorageId, forget, keep, kept, sha256_of, waiting_of
from campaigns.actions.hazards.import_plan import HazardImportPlan, Outcome, check_may_import, plan_import
from campaigns.actions.hazards.importing import choose_columns, choose_enterprises, import_hazards
from campaigns.clock import local_date
from campaigns.documents.hazard_workbook import Layout, as_sheet, likely_year, read_layout
from campaigns.documents.register_workbook import annotated
from campaigns.documents.sheet_marker import marked
from campaigns.errors import Invalid, NotFound
from campaigns.rules.directory.register import Problem
from campaigns.rules.hazards.import_columns import WANTED, guess
from campaigns.store.hazards.imports import chosen_columns

router = APIRouter()
SHOWN = 100
YEARS = range(1990, 2100)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the table stands in the workbook, and the year of dates without one; 0 and empty: as recognised."""

    sheet: str = ""
    top: int = 0
    depth: int = 0
    year: int = 0

    @property
    def query(self) -> str:
        """As the end of an address."""
        return "?" + urlencode({"sheet": self.sheet, "top": self.top, "depth": self.depth, "year": self.year})


def _place(
    sheet: str = "",
    top: Annotated[int, Query(ge=0, le=1000)] = 0,
    depth: Annotated[int, Query(ge=0, le=2)] = 0,
    year: Annotated[int, Query(ge=0, le=2100)] = 0,
) -> Place:
    return Place(sheet[:60], top, depth, year)


PlaceDep = Annotated[Place, Depends(_place)]


@router.get("/hazards/import")
def hazard_upload_page(visit: VisitDep) -> Response:
    """Ask for the workbook."""
    check_may_import(visit.actor)
    return visit.page("hazard-import.html", errors={})


@router.post("/hazards/import/upload")
def hazard_upload(effect: EffectDep) -> Response:
    """Read the workbook, keep it, and lead to its columns; one that cannot be read is answered on the form."""
    check_may_import(effect.actor)
    files = effect.files("file")
    content = files[0].file.read() if files else b""
    invalid: Invalid | None = None
    try:
        if not content:
            raise Invalid("没有选择文件。", fields={"file": "请选择要导入的 Excel 文件。"})
        read_layout(content)
    except Invalid as wrong:
        invalid = wrong
    forget(effect.request, effect.now)

    def wait(_session: Session) -> str:
        if invalid is not None:
            raise invalid
        return f"/hazards/import/{keep(effect, content)}"

    def refused(visit: Visit, wrong: Invalid) -> Response:
        return visit.page("hazard-import.html", status=422, errors=wrong.fields)

    return effect.once(wait, refused=refused)


@router.get("/hazards/import/{storage_id}")
def columns_page(visit: VisitDep, storage_id: StorageId, place: PlaceDep) -> Response:
    """Show where the table was found and which column was taken for what, to be confirmed or corrected."""
    return _columns(visit, storage_id, place)


@router.post("/hazards/import/{storage_id}/columns")
def columns_form(effect: EffectDep, storage_id: StorageId) -> Response:
    """Remember the columns and lead to the dry run."""
    place = _sent_place(effect)
    layout = _layout(effect.request, effect, storage_id, place)
    chosen = {name: effect.text(f"column-{name}") for name in WANTED}

    def change(session: Session) -> str:
        _check_columns(chosen, place)
        by_letter = {get_column_letter(at + 1): heading for at, heading in enumerate(layout.headings)}
        headings = {name: by_letter.get(letter, "") for name, letter in chosen.items()}
        choose_columns(session, headings=headings, by=effect.actor, now=effect.now)
        return f"/hazards/import/{storage_id}/check{place.query}"

    def refused(visit: Visit, wrong: Invalid) -> Response:
        return _columns(visit, storage_id, place, wrong=wrong, typed=chosen)

    return effect.once(change, refused=refused)


@router.get("/hazards/import/{storage_id}/check")
def hazard_dry_run(visit: VisitDep, storage_id: StorageId, place: PlaceDep) -> Response:
    """Show what importing would do, row by row and cell by cell."""
    plan, _ = _plan(visit, storage_id, place)
    here = f"/hazards/import/{storage_id}"
    states = "、".join(f"{state.label}{count}项" for state, count in plan.states.items())
    return visit.page(
        "hazard-import-check.html", plan=plan, states=states, outcomes=Outcome, shown=SHOWN, here=here, place=place
    )


@router.post("/hazards/import/{storage_id}/names")
def names_form(effect: EffectDep, storage_id: StorageId) -> Response:
    """Remember which enterprises the names mean, and look again."""
    place, asked = _sent_place(effect), effect.values()
    kept(effect.request, effect.actor, storage_id)
    meant = {
        name: int(sent)
        for at in range(SHOWN)
        if (name := asked.get(f"name-{at}", "")[:120])
        and (sent := asked.get(f"enterprise-{at}", "")).isdecimal()
        and len(sent) < 10
    }

    def change(session: Session) -> str:
        choose_enterprises(session, meant=meant, by=effect.actor, now=effect.now)
        return f"/hazards/import/{storage_id}/check{place.query}"

    return effect.once(change, said="已记住，按新的对应重新检查。")


@router.get("/hazards/import/{storage_id}/checked.xlsx")
def hazard_checked_file(visit: VisitDep, storage_id: StorageId, place: PlaceDep) -> Response:
    """Give the workbook back with each mistake beside its cell and at its row's end."""
    plan, layout = _plan(visit, storage_id, place)
    cells, rows = _told(plan.problems)
    content = kept(visit.request, visit.actor, storage_id)
    his = marked(content, sheet=plan.sheet.name, heading_row=layout.top, cells=cells, rows=rows)
    return attachment(his or annotated(plan.sheet, plan.problems), "历史台账导入检查", XLSX)


@router.post("/hazards/import/{storage_id}/confirm")
def hazard_import_confirm(effect: EffectDep, storage_id: StorageId) -> Response:
    """Do exactly what was shown."""
    place = _sent_place(effect)
    store = waiting_of(effect.request, effect.actor)
    path = store.path(storage_id)
    content = path.read_bytes() if path.exists() else None
    layout = None if content is None else read_layout(content, name=place.sheet, top=place.top, depth=place.depth)

    def change(session: Session) -> str:
        if content is None or layout is None:  # imported already, or left for more than a day
            raise NotFound
        known = chosen_columns(session, effect.actor)
        import_hazards(
            session,
            sheet=as_sheet(layout, _letters(layout, known.headings if known else {})),
            sha256=sha256_of(content),
            year=place.year or likely_year(layout, otherwise=local_date(effect.now).year),
            chosen=known.enterprises if known else {},
            shown=effect.text("fingerprint"),
            by=effect.actor,
            now=effect.now,
        )
        return "/hazards?tab=all"

    answer = effect.once(change, said="历史台账已导入。")
    store.remove(storage_id)
    return answer


def _plan(visit: Visit, storage_id: str, place: Place) -> tuple[HazardImportPlan, Layout]:
    content = kept(visit.request, visit.actor, storage_id)
    check_may_import(visit.actor)
    layout = read_layout(content, name=place.sheet, top=place.top, depth=place.depth)
    known = chosen_columns(visit.session, visit.actor)
    plan = plan_import(
        visit.session,
        sheet=as_sheet(layout, _letters(layout, known.headings if known else {})),
        sha256=sha256_of(content),
        year=place.year or likely_year(layout, otherwise=visit.today.year),
        chosen=known.enterprises if known else {},
        by=visit.actor,
        now=visit.now,
    )
    return plan, layout


def _layout(request: Request, effect: Effect, storage_id: str, place: Place) -> Layout:
    content = kept(request, effect.actor, storage_id)
    check_may_import(effect.actor)
    return read_layout(content, name=place.sheet, top=place.top, depth=place.depth)


def _letters(layout: Layout, headings: dict[str, str]) -> dict[str, str]:
    found = guess(layout.headings, known=headings)
    return {name: get_column_letter(at + 1) for name, at in found.items()}


def _columns(
    visit: Visit,
    storage_id: str,
    place: Place,
    *,
    wrong: Invalid | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    content = kept(visit.request, visit.actor, storage_id)
    check_may_import(visit.actor)
    layout = read_layout(content, name=place.sheet, top=place.top, depth=place.depth)
    known = chosen_columns(visit.session, visit.actor)
    letters = typed or _letters(layout, known.headings if known else {})
    used = set(letters.values())
    columns = [
        (get_column_letter(at + 1), heading, layout.sample(at)) for at, heading in enumerate(layout.headings) if heading
    ]
    return visit.page(
        "hazard-import-columns.html",
        status=422 if wrong else 200,
        layout=layout,
        wanted=WANTED,
        letters=letters,
        sheets=[(name, name) for name in layout.names],
        choices=[(at, f"{at}列 {words}" + (f"（如：{said}）" if said else "")) for at, words, said in columns],
        unused=[heading for letter, heading, _ in columns if letter not in used],
        remembered=known is not None,
        year=place.year or likely_year(layout, otherwise=visit.today.year),
        here=f"/hazards/import/{storage_id}",
        errors=wrong.fields if wrong else {},
    )


def _sent_place(effect: Effect) -> Place:
    sheet, year = effect.text("sheet")[:60], sent_version(effect, "year") or 0
    top, depth = sent_version(effect, "top") or 0, sent_version(effect, "depth") or 0
    return Place(sheet, min(top, 1000), min(depth, 2), year)


def _check_columns(chosen: dict[str, str], place: Place) -> None:
    """Raise Invalid when a column that nothing can do without is missing, or one column is to be two things."""
    wrong = {f"column-{n}": f"请选“{w.label}”是哪一列。" for n, w in WANTED.items() if w.needed and not chosen[n]}
    seen: dict[str, str] = {}
    for name, letter in chosen.items():
        if letter and seen.setdefault(letter, name) != name:
            wrong[f"column-{name}"] = f"这一列已经是“{WANTED[seen[letter]].label}”，一列只能用一次。"
    if place.year and place.year not in YEARS:
        wrong["year"] = "请填四位的年份，如 2023。"
    if wrong:
        raise Invalid("列没有对好。", fields=wrong, kept="没有登记任何隐患。")


def _told(problems: Iterable[Problem]) -> tuple[dict[str, str], dict[int, str]]:
    """Return what to say at each cell and at the end of each row."""
    cells: dict[str, list[str]] = defaultdict(list)
    rows: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        letters = problem.cell.rstrip("0123456789")
        words = f"{problem.sentence}{problem.advice}"
        rows[int(problem.cell.removeprefix(letters))].append(words)
        if letters:
            cells[problem.cell].append(words)
    return {at: "\n".join(said) for at, said in cells.items()}, {row: "\n".join(said) for row, said in rows.items()}
