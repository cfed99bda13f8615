"""改登记信息: a clerk corrects one entry of the register by hand; what changed, from what to what, stands in the trail."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from campaigns.actions.directory.organisations import enterprise_for, trait_of
from campaigns.actions.events import record
from campaigns.actions.stepping import UNCHANGED
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.rules.directory.register import HEADINGS, LONGEST_TRAIT, read_typed
from campaigns.rules.permissions import Actor, Permission, check
from campaigns.store.directory.regions import Organisation, Region, Trait
from campaigns.store.directory.register import COLUMNS
from campaigns.store.scope import place_relation

SEPARATORS = re.compile(r"[、,，;；\n\r]+")


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did: the entry, what changed in words, and what to look at again although it was saved."""

    enterprise: Organisation
    changes: tuple[str, ...]
    warnings: tuple[str, ...]


def edit_enterprise(
    session: Session,
    *,
    enterprise_id: int,
    version: int,
    typed: Mapping[str, str],
    traits: str,
    region_id: int,
    by: Actor,
    now: datetime,
) -> Edited:
    """Replace an entry's columns, its region and its attributes (有外包队伍、单班入井人数=35) by what was typed.

    Refuses with every wrong field at once; a 统一社会信用代码 that fails its check is warned about and kept (as in the import).
    Whoever looked at an older version is shown what the entry says now beside what he typed. Rosters follow at their next pass.
    """
    enterprise = enterprise_for(session, enterprise_id, by=by)
    values, wrong, warnings = _read(typed)
    rows = _traits(enterprise.id, traits, wrong)
    region = _region(session, enterprise, region_id, by=by)
    _check_version(session, enterprise, version, values)
    if values["credit_code"] and _taken(session, enterprise.id, values["credit_code"]):
        wrong["credit_code"] = "这个代码已登记在另一家单位名下，请核对。"
    if wrong:
        raise Invalid(f"有{len(wrong)}处需要改，没有保存。", fields=wrong, kept=UNCHANGED)
    before = _words(session, enterprise)
    for name, value in values.items():
        setattr(enterprise, name, value or (None if name == "credit_code" else ""))
    enterprise.region_id = region.id
    session.execute(delete(Trait).where(col(Trait.organisation_id) == enterprise.id))
    session.add_all(rows)
    session.flush()
    changes = tuple(_changes(before, _words(session, enterprise)))
    if changes:
        enterprise.version += 1
        session.flush()
        where = enterprise.id
        words = "；".join(changes) + "。"
        record(session, "enterprise.edited", by=by, now=now, about=enterprise, organisation_id=where, words=words)
    return Edited(enterprise, changes, tuple(warnings))


def _read(typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str], list[str]]:
    values, wrong, warnings = {}, {}, []
    for name in COLUMNS:
        read = read_typed(name, typed.get(name, ""))
        values[name] = read.value
        if read.blocking:
            wrong[name] = read.sentence
        elif read.sentence:
            warnings.append(read.sentence)
    return values, wrong, warnings


def _traits(enterprise_id: int, text: str, wrong: dict[str, str]) -> list[Trait]:
    found: dict[str, Trait] = {}
    for written in filter(None, (part.strip() for part in SEPARATORS.split(text))):
        try:
            trait = trait_of(enterprise_id, written)
        except Invalid as refused:
            wrong["traits"] = refused.sentence
            continue
        if not 0 < len(trait.name) <= LONGEST_TRAIT:
            wrong["traits"] = f"属性“{written[:20]}”要在1到{LONGEST_TRAIT}个字之间。"
        found[trait.name] = trait
    return list(found.values())


def _region(session: Session, enterprise: Organisation, region_id: int, *, by: Actor) -> Region:
    region = session.get(Region, region_id)
    if region is None:
        raise NotFound
    if region.id != enterprise.region_id:  # it may stand outside the region of who supervises it, and stay there
        check(by, Permission.MANAGE_REGISTER, place_relation(by, region))
    return region


def _check_version(session: Session, enterprise: Organisation, seen: int, values: Mapping[str, str]) -> None:
    if seen == enterprise.version:
        return
    mine = _titles(values)
    theirs = {title: word for title, word in _words(session, enterprise).items() if title in mine}
    apart = [
        f"{title}现为“{theirs[title] or '空'}”，您填的是“{word or '空'}”"
        for title, word in mine.items()
        if word != theirs[title]
    ]
    raise Conflict(
        f"您打开的是这份登记信息的第{seen}版，现在已是第{enterprise.version}版。{'；'.join(apart)}",
        kept="您这次的修改没有保存，别人的修改保持不变。",
        advice="请返回刷新页面，看清最新内容后再改。",
    )


def _taken(session: Session, enterprise_id: int, code: str) -> bool:
    other = select(col(Organisation.id)).where(
        col(Organisation.credit_code) == code, col(Organisation.id) != enterprise_id
    )
    return session.scalar(other) is not None


def _titles(values: Mapping[str, str]) -> dict[str, str]:
    return {HEADINGS[name][0]: values[name] for name in COLUMNS}


def _words(session: Session, enterprise: Organisation) -> dict[str, str]:
    """Return everything an entry says, by the heading of the register."""
    named = _titles({name: getattr(enterprise, name) or "" for name in COLUMNS})
    rows = select(Trait).where(col(Trait.organisation_id) == enterprise.id).order_by(col(Trait.name))
    traits = "、".join(written_as(trait.name, trait.amount) for trait in session.scalars(rows))
    region = session.get_one(Region, enterprise.region_id).name
    return named | {"行政区划": region, "属性": traits}


def written_as(name: str, amount: int | None) -> str:
    """Write an attribute as a clerk does: 有外包队伍, 单班入井人数=35."""
    return name if amount is None else f"{name}={amount}"


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for title, word in after.items():
        if word != before[title]:
            yield f"{title}由“{before[title] or '空'}”改为“{word or '空'}”"


def said(edited: Edited) -> str:
    """Say what an edit did, in one sentence for the next page."""
    done = f"已保存：{'；'.join(_short(edited.changes))}。" if edited.changes else "没有改动。"
    return done + "".join(edited.warnings)


def _short(changes: Iterable[str]) -> list[str]:
    return [change.partition("由“")[0] for change in changes]
