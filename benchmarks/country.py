"""A whole country that files the table: 31 provinces, 333 cities, any number of counties, their hazards and inspections."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, String, case, cast, false, insert, literal, select, true
from sqlmodel import Session

from benchmarks.register import FOUNDED
from campaigns.definition.library import template_text
from campaigns.definition.versions import fingerprint
from campaigns.rules.permissions import Level, OrganisationKind
from campaigns.rules.states import CampaignState, HazardSource, HazardState, TaskState
from campaigns.store.campaign.campaigns import Campaign, FrozenDefinition, PlannedOccurrence, RosterEntry
from campaigns.store.database import Database
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation, Region, Supervision
from campaigns.store.hazards.hazards import Hazard, SupervisionOrder
from campaigns.store.types import UtcDateTime
from campaigns.store.work.tasks import Submission, Task

PROVINCES, CITIES = 31, 333
PER_COUNTY = 10
"""Enterprises of each county; each is inspected once and visited with advice once."""
CUT_OFF = datetime(2023, 5, 25, 9, tzinfo=UTC)
FORMS = ("执法检查记录", "帮扶记录")
FOUND = {"制度措施不落实": 1, "行政处罚": 1, "罚款": 500}


def lay_down(base: Database, counties: int, hazards: int) -> None:
    """Write the country into a new database: campaign 1, the May table due from every county, all rows before the 25th."""
    with base.transaction() as session:
        bureaus = _places(session, counties)
        enterprises = _enterprises(session, bureaus[Level.COUNTY])
        _campaign(session, enterprises)
        _tasks(session, bureaus[Level.COUNTY], enterprises)
        _hazards(session, hazards, enterprises)


def _places(session: Session, counties: int) -> dict[Level, list[int]]:
    """Number regions through, top first; a region's bureau has the region's own id."""
    regions: list[dict[str, Any]] = []
    sizes = {Level.PROVINCE: PROVINCES, Level.CITY: CITIES, Level.COUNTY: counties}
    ids: dict[Level, list[int]] = {}
    parents: list[dict[str, Any]] = [{"id": None, "province_id": None, "city_id": None}]
    for level, size in sizes.items():
        first = len(regions) + 1
        rows = [_region(first + n, level, parents[n % len(parents)]) for n in range(size)]
        regions += rows
        ids[level], parents = [row["id"] for row in rows], rows
    session.execute(insert(Region), regions)
    blank = {"risk_grade": "", "address": "", "principal": "", "phone": "", "sector": "", "category": "", "status": ""}
    bureau = {"kind": OrganisationKind.BUREAU, "created_at": FOUNDED, "version": 1, **blank}
    session.execute(
        insert(Organisation),
        [{"id": r["id"], "name": f"应急局{r['id']}", "region_id": r["id"], **bureau} for r in regions],
    )
    return ids


def _region(id_: int, level: Level, parent: dict[str, Any]) -> dict[str, Any]:
    above = {"province_id": parent["province_id"], "city_id": parent["city_id"], "county_id": None}
    own = {f"{level}_id": id_}
    return {
        "id": id_,
        "code": f"{id_:06}",
        "name": f"地区{id_}",
        "level": level,
        "parent_id": parent["id"],
        **above,
        **own,
    }


def _enterprises(session: Session, bureaus: list[int]) -> list[tuple[int, int]]:
    pairs = [(100_000 + n, bureaus[n % len(bureaus)]) for n in range(PER_COUNTY * len(bureaus))]
    what = {"kind": OrganisationKind.ENTERPRISE, "sector": "非煤矿山", "category": "尾矿库", "status": "正常生产"}
    blank = {"created_at": FOUNDED, "version": 1, "risk_grade": "", "address": "", "principal": "", "phone": ""}
    session.execute(
        insert(Organisation), [{"id": e, "name": f"企业{e}", "region_id": b, **what, **blank} for e, b in pairs]
    )
    since = {"started_on": date(2023, 4, 1)}
    session.execute(insert(Supervision), [{"enterprise_id": e, "bureau_id": b, **since} for e, b in pairs])
    person = {
        "id": 1,
        "login": "one",
        "name": "填报人",
        "organisation_id": 1,
        "password_hash": "",
        "phone": "",
        "email": "",
    }
    session.execute(insert(Person), [{**person, "title": "", "must_change_password": False, "created_at": FOUNDED}])
    return pairs


def _campaign(session: Session, enterprises: list[tuple[int, int]]) -> None:
    text = template_text("hazard-2023")
    pin = fingerprint(text)
    session.add(FrozenDefinition(id=1, template="t", version="1.0.0", language="rectify/v1", text=text, sha256=pin))
    session.flush()
    session.add(
        Campaign(
            id=1,
            template="t",
            title="全国行动",
            kind="专项行动",
            bureau_id=1,
            region_id=1,
            definition_id=1,
            starts_on=date(2023, 5, 1),
            ends_on=date(2023, 12, 31),
            state=CampaignState.RUNNING,
            launched_at=FOUNDED,
            launch_key="country",
        )
    )
    session.flush()
    entry = {
        "campaign_id": 1,
        "audience": "企业",
        "joined_on": date(2023, 5, 1),
        "joined_reason": "",
        "left_reason": "",
    }
    session.execute(insert(RosterEntry), [{"organisation_id": e, **entry} for e, _ in enterprises])


def _tasks(session: Session, counties: list[int], enterprises: list[tuple[int, int]]) -> None:
    for number, form in enumerate((*FORMS, None), start=1):
        session.add(
            PlannedOccurrence(
                id=number,
                campaign_id=1,
                duty=f"JG-{number:02}",
                title=form or "报送调度表",
                period="2023-05",
                seq=1,
                opens_on=date(2023, 5, 1),
                nominal_on=CUT_OFF.date(),
                due_on=CUT_OFF.date(),
                due_at=CUT_OFF,
                audience="县局",
                form=form,
                report=None if form else "调度表",
            )
        )
    session.flush()
    dates = {"opens_on": date(2023, 5, 1), "due_on": CUT_OFF.date(), "due_at": CUT_OFF, "campaign_id": 1, "version": 1}
    due = [(3, bureau, bureau, TaskState.ASSIGNED) for bureau in counties]
    done = [(n, b, e, TaskState.ACCEPTED) for n, _ in enumerate(FORMS, start=1) for e, b in enterprises]
    rows = [
        {"id": id_, "occurrence_id": o, "organisation_id": b, "subject_id": s, "state": state, **dates}
        for id_, (o, b, s, state) in enumerate((*done, *due), start=1)
    ]
    session.execute(insert(Task), rows)
    session.execute(insert(Submission), list(_records(rows[: len(done)])))


def _records(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    at = CUT_OFF - timedelta(days=3)
    same = {
        "number": 1,
        "person_id": 1,
        "submitted_at": at,
        "decided_at": at,
        "occurred_on": at.date(),
        "sha256": "0" * 64,
    }
    for task in tasks:
        yield {
            "task_id": task["id"],
            "organisation_id": task["organisation_id"],
            "subject_id": task["subject_id"],
            "content": FOUND if task["occurrence_id"] == 1 else {},
            "receipt": f"R{task['id']}",
            "decision": "accepted",
            "nil": False,
            "reason": "",
            **same,
        }


def _hazards(session: Session, hazards: int, enterprises: list[tuple[int, int]]) -> None:
    """Write the register in one statement: hazard n at enterprise n, round and round; every third is still being fixed."""
    series = select(literal(0).label("n")).cte("series", recursive=True)
    series = series.union_all(select(series.c.n + 1).where(series.c.n < hazards - 1))
    n, (enterprise, bureau), at = series.c.n, enterprises[0], CUT_OFF - timedelta(days=10)
    counties = len(enterprises) // PER_COUNTY
    closed, odd = n % 3 > 0, n % 2 > 0
    row = {
        "id": n + 1,
        "number": "H" + cast(n, String),
        "enterprise_id": enterprise + n % len(enterprises),
        "bureau_id": bureau + n % len(enterprises) % counties,
        "source": case((odd, HazardSource.SELF), else_=HazardSource.INSPECTION),
        "state": case((closed, HazardState.CLOSED), else_=HazardState.RECTIFYING),
        "checked_by_id": case((closed, 1)),
        "closed_at": case((closed, literal(at + timedelta(days=5), UtcDateTime))),
        **{name: literal(at, UtcDateTime) for name in ("registered_at", "major_since")},
        **{name: literal("", String) for name in _UNSAID},
        "title": literal("隐患"),
        "found_on": literal(at.date(), Date),
        "major": true(),
        "fixed_on_the_spot": false(),
        "version": literal(1),
        "registered_by_id": literal(1),
    }
    session.execute(insert(Hazard).from_select(list(row), select(*row.values()), include_defaults=False))
    order = {"issued_by_id": 1, "number": "", "issued_on": at.date(), "recorded_by_id": 1, "recorded_at": at}
    session.execute(insert(SupervisionOrder), [{"hazard_id": n, **order} for n in range(1, hazards + 1, 100)])


_UNSAID = (
    *("location", "description", "criterion", "criterion_set", "criterion_version", "criterion_clause", "checked"),
    *("responsible", "measures", "contingency", "rectification", "recheck", "ended_reason"),
)
