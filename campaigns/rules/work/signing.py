"""签字: who signs in a blank, and whose signature a blank asks for."""

from dataclasses import dataclass

from campaigns.definition.form import Field
from campaigns.rules.permissions import Role


@dataclass(frozen=True, slots=True)
class Signer:
    """Who fills in and signs: nobody can sign for another."""

    name: str
    roles: frozenset[Role]


def why_not_sign(field: Field, signer: Signer) -> str:
    """Return why somebody cannot sign in a blank that names whose signature it is, empty if he can."""
    whose = next((role for role in Role if field.title.startswith(role.label) and role not in signer.roles), None)
    if whose is None:
        return ""
    return f"这一栏要由{whose.label}本人登录后签字。您可以先存草稿，请{whose.label}打开后签字提交。"
