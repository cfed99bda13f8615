"""Which clause somebody means: picked from a set in force on the day of the find, or typed as it is cited, or in words alone.

The lines of a record pick as the register's own form does; the sealed record keeps the clause in words.
"""

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from campaigns.actions.stepping import UNCHANGED
from campaigns.definition.form import Form
from campaigns.errors import Invalid
from campaigns.rules.hazards.criteria import Criterion, citation, shortened, why_not_in_force
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.work.fields import HAZARDS
from campaigns.rules.work.filling import Filled, not_handed_in
from campaigns.store.hazards.criteria import Cited, CriteriaVersion, clause_by_id, clause_cited, newest_versions


def cited_criterion(session: Session, criterion: Criterion, *, found_on: date) -> Criterion:
    """Return the criterion as a hazard keeps it: its words, and set, version and clause where it is one of an imported set.

    Raises:
        Invalid: the picked clause is not there, has been replaced, or was not in force on the day of the find.
    """
    if criterion.clause_id is not None:
        return _kept(_picked(session, criterion.clause_id, found_on))
    found = _typed(session, criterion.words.strip(), found_on)
    return _kept(found) if found else Criterion(criterion.words.strip())


def with_clauses(session: Session, form: Form, filled: Filled) -> Filled:
    """Return a filled-in form whose picked clauses stand in it in words, as they will in the register.

    Raises Invalid beside the list of hazards, naming the line, for a clause that cannot be cited.
    """
    if all(finding.clause_id is None for finding in filled.findings):
        return filled
    title = next(field.title for field in form.fields if field.kind == HAZARDS)
    found = []
    for place, finding in enumerate(filled.findings, start=1):
        try:
            found.append(_in_words(session, finding, filled.occurred_on))
        except Invalid as refused:
            raise not_handed_in({title: f"第{place}条：{refused.fields['clause']}"}) from None
    content = {**filled.content, title: [finding.as_json() for finding in found]}
    return replace(filled, content=content, findings=tuple(found))


def _in_words(session: Session, finding: Finding, found_on: date) -> Finding:
    if finding.clause_id is None:
        return finding
    return replace(finding, criterion=_kept(_picked(session, finding.clause_id, found_on)).words)


def _picked(session: Session, clause_id: int, found_on: date) -> Cited:
    found = clause_by_id(session, clause_id)
    if found is None:
        raise _refused("没有这一条，请重新选一次。")
    set_ = found.version
    if set_.id not in {version.id for version in newest_versions(session)}:
        raise _refused(f"“{set_.document_number}”刚刚换了新版，请重新选一次。")
    if why := _why_not(set_, found_on):
        raise _refused(f"“{set_.document_number}”在{why}，请换一套选，或核对发现日期。")
    return found


def _typed(session: Session, words: str, found_on: date) -> Cited | None:
    """Return the clause that is typed exactly as it is cited (矿安〔2022〕88号 尾矿库（一）)."""
    for version in newest_versions(session) if words else ():
        place = words.removeprefix(citation(version.document_number, ""))
        if place != words and not _why_not(version, found_on):
            return clause_cited(session, version.document_number, str(version.version), place.partition("：")[0])
    return None


def _kept(found: Cited) -> Criterion:
    set_, clause = found.version, found.clause
    words = shortened(set_.document_number, clause.place, clause.words)
    return Criterion(words, set_.document_number, str(set_.version), clause.place)


def _why_not(version: CriteriaVersion, on: date) -> str:
    return why_not_in_force(on, starts=version.in_force_on, ends=version.ended_on)


def _refused(sentence: str) -> Invalid:
    return Invalid("判定标准条款没有选好。", fields={"clause": sentence}, kept=UNCHANGED)
