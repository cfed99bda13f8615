"""Who may write into a report: its own organisation, or its superior on its behalf (代报)."""

from sqlmodel import Session

from campaigns.rules.permissions import Actor, Permission, Relation, check
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import check_relation, decider_id


def check_may_write(session: Session, report: Report, permission: Permission, by: Actor) -> bool:
    """Check that somebody may fill in or file a report and return whether he does it on its organisation's behalf.

    Only the direct superior stands in, and only with the office that his own reports would need.
    """
    if by.organisation_id == report.organisation_id or by.organisation_id != decider_id(session, report):
        check_relation(session, by, permission, report.organisation_id)
        return False
    check_relation(session, by, Permission.FILE_ON_BEHALF, report.organisation_id)
    check(by, permission, Relation.SELF)
    return True
