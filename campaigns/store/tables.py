"""Imports every table, so that the metadata is whole for migrations and for tests."""

from sqlmodel import SQLModel

from campaigns.store import (
    campaigns,
    criteria,
    hazard_imports,
    hazard_records,
    hazards,
    ledger,
    look_backs,
    messages,
    people,
    rankings,
    reading_keys,
    regions,
    reports,
    spot_checks,
    tasks,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "campaigns",
    "criteria",
    "hazard_imports",
    "hazard_records",
    "hazards",
    "ledger",
    "look_backs",
    "messages",
    "people",
    "rankings",
    "reading_keys",
    "regions",
    "reports",
    "spot_checks",
    "tasks",
]
