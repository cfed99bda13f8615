"""What a line of the catalogue is."""

from dataclasses import dataclass

from campaigns.rules.permissions import PERMISSIONS, Permission, Relation, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of one event kind to one audience.

    `only`/`unless` name a fact that must (not) be true. `gathered` makes one notice a day of many events, refreshed by the
    latest: a bureau with a thousand enterprises wants to know that submissions wait, not a thousand messages. `even_own`: the
    acting organisation is told too, because its other people have to know.
    """

    to: str
    holding: Permission
    title: str
    body: str = ""
    link: str = ""
    relation: Relation = Relation.SELF
    only: str = ""
    unless: str = ""
    gathered: bool = False
    even_own: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that the permission table lets act on it."""
        return frozenset(
            role for role, held in PERMISSIONS.items() if self.relation in held.get(self.holding, frozenset())
        )
