"""What every written part of the language shares: Chinese keys, nothing unknown, nothing that changes after reading.

The model keeps the clerk's words. A field whose text must follow a closed grammar (“每月2次”, “2023年5月底”) is still a
string here and carries a `Phrase` marker that names the grammar; `checks` reads it with that grammar after the parameters
are filled in, and `planning` reads it again when it lays out the dates.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from campaigns.definition.phrases import GRAMMARS

YES, NO = "是", "否"


class Written(BaseModel):
    """A piece of a definition: written with Chinese keys, used through English names, frozen."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_alias=True, validate_by_name=True, str_strip_whitespace=True
    )


def key(alias: str, description: str, default: Any = ..., **limits: Any) -> Any:
    """Return a field written as `alias`; `description` is what an editor shows a clerk while he types."""
    if callable(default):
        return Field(alias=alias, description=description, default_factory=default, **limits)
    return Field(default, alias=alias, description=description, **limits)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Marks a text field as written in one of the closed grammars of `phrases` and `conditions`."""

    grammar: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Show an editor's user the forms he may write."""
        return {**handler(schema), "examples": list(GRAMMARS[self.grammar].examples)}


@dataclass(frozen=True, slots=True)
class Refers:
    """Marks a text field as the name of something defined elsewhere in the same definition (or in the library)."""

    to: str


def _yes_no(value: object) -> object:
    if value in (YES, NO):
        return value == YES
    if isinstance(value, bool):
        return value
    raise ValueError("请写“是”或“否”")


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


YesNo = Annotated[bool, BeforeValidator(_yes_no, json_schema_input_type=Literal["是", "否"])]
Words = Annotated[tuple[str, ...], BeforeValidator(_one_or_many, json_schema_input_type=str | tuple[str, ...])]
