"""Imports every table, so that the metadata is whole for migrations and for tests."""

from sqlmodel import SQLModel

from campaigns.store import ledger, messages, spot_checks
from campaigns.store.campaign import campaigns
from campaigns.store.directory import people, reading_keys, regions
from campaigns.store.hazards import criteria, hazards, look_backs
from campaigns.store.hazards import imports as hazard_imports
from campaigns.store.hazards import records as hazard_records
from campaigns.store.rankings import rankings
from campaigns.store.reporting import reports
from campaigns.store.work import tasks

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
