"""Pages of a long list, with addresses that keep the filters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: `number` counts from 1, `offset` is what the query skips.

    An `endless` list was not counted to its end: there is more than `total`, and a next page.
    """

    number: int
    total: int
    size: int = PAGE_SIZE
    address: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    endless: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    def href(self, number: int) -> str:
        """Return the address of another page of the same list."""
        kept = {name: value for name, value in self.filters.items() if value}
        return f"{self.address}?{urlencode({**kept, 'page': number})}"


def offset(number: int, size: int = PAGE_SIZE) -> int:
    """Return how many rows the query skips for a page; anything below 1 is the first."""
    return (max(number, 1) - 1) * size
