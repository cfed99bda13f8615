"""The permission table against the one written down beside this test, cell by cell: role × relation × permission."""

import csv
from itertools import product
from pathlib import Path

import pytest

from campaigns.errors import Forbidden, NotFound
from campaigns.rules.permissions import (
    SYSTEM,
    Actor,
    Level,
    OrganisationKind,
    Permission,
    Relation,
    Role,
    check,
    may,
    may_somewhere,
    why_not,
)

TABLE = Path(__file__).with_name("permissions.tsv")
LOOKING_DOWN = {
    Permission.SEE,
    Permission.READ_TRAIL,
    Permission.ESCALATE_HAZARD,
    Permission.SUPERVISE_HAZARD,
    Permission.DECIDE_REPORT,
    Permission.FILE_ON_BEHALF,
    Permission.MANAGE_REGISTER,
    Permission.MANAGE_PEOPLE,
}
"""All that a superior does below his own bureau: look, supervise, decide on a table or stand in for it, keep registers."""


def written() -> dict[tuple[str, str], frozenset[str]]:
    """Return the written table: (permission, role) → relations."""
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {
        (row["permission"], role): frozenset() if row[role] == "-" else frozenset(row[role].split("+"))
        for row in rows
        for role in row
        if role != "permission"
    }


WRITTEN = written()


def someone(*roles: Role) -> Actor:
    """Return an actor with these roles."""
    return Actor(1, "某人", 1, OrganisationKind.BUREAU, Level.COUNTY, 1, frozenset(roles))


def test_the_written_table_speaks_of_every_permission_and_every_role_and_no_others() -> None:
    assert set(WRITTEN) == {(permission.value, role.value) for permission, role in product(Permission, Role)}
    assert frozenset().union(*WRITTEN.values()) <= {relation.value for relation in Relation}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_exactly_what_is_written(role: Role, permission: Permission) -> None:
    actor, allowed = someone(role), WRITTEN[permission, role]
    for relation in Relation:
        assert may(actor, permission, relation) is (relation in allowed), relation
        assert bool(why_not(actor, permission, relation)) is (relation not in allowed)
    assert may_somewhere(actor, permission) is bool(allowed)


@pytest.mark.parametrize(("first", "second"), [(Role.OFFICER, Role.INSPECTOR), (Role.ADMINISTRATOR, Role.OFFICER)])
def test_two_roles_may_what_either_may_and_no_more(first: Role, second: Role) -> None:
    for permission, relation in product(Permission, Relation):
        either = may(someone(first), permission, relation) or may(someone(second), permission, relation)
        assert may(someone(first, second), permission, relation) is either


@pytest.mark.parametrize(("permission", "relation"), list(product(Permission, Relation)))
def test_nobody_in_particular_may_nothing_and_what_is_out_of_sight_is_not_found(
    permission: Permission, relation: Relation
) -> None:
    refusal = NotFound if relation is Relation.NONE else Forbidden
    for actor in (someone(), SYSTEM):
        with pytest.raises(refusal):
            check(actor, permission, relation)


def test_no_role_reaches_what_it_has_no_relation_to() -> None:
    assert not any(may(someone(*Role), permission, Relation.NONE) for permission in Permission)


def test_a_superior_looks_down_and_writes_only_what_is_his_own() -> None:
    below = {permission for permission in Permission if may(someone(*Role), permission, Relation.BELOW)}
    assert below == LOOKING_DOWN


def test_who_runs_the_system_reads_and_does_no_business() -> None:
    theirs = {permission for permission in Permission if may_somewhere(someone(Role.ADMINISTRATOR), permission)}
    assert theirs == {
        Permission.SEE,
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_REGISTER,
        Permission.MANAGE_CRITERIA,
        Permission.MANAGE_CALENDAR,
    }
    assert not may(someone(Role.ADMINISTRATOR), Permission.SEE, Relation.BELOW)
