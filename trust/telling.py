"""How every fault run tells its figures, and holds the record against its invariants afterwards."""

from collections.abc import Mapping

from campaigns.clock import now
from campaigns.queries.verify import INVARIANTS, Scene, verify
from campaigns.settings import Settings
from campaigns.store.database import Database

BEFORE_ANY_TICK = {"I4", "I5"}
"""Nobody carries messages or does due work in these runs."""


def findings(base: Database, settings: Settings) -> list[str]:
    """Return what `rectify verify` finds, due work and undelivered messages left out."""
    looked = [invariant for invariant in INVARIANTS if invariant.code not in BEFORE_ANY_TICK]
    with base.reading() as session:
        scene = Scene(session, settings, now())
        return [f"{invariant.code} {found.sentence}" for invariant, all_ in verify(scene, looked) for found in all_]


def tell(title: str, figures: Mapping[str, object], promises: Mapping[str, bool]) -> int:
    """Print one table and return the exit code: 0 only if every promise held."""
    print(f"\n{title}")
    for name, figure in figures.items():
        print(f"  {name:<42}{figure:>14}")
    for promise, held in promises.items():
        print(f"  {'ok    ' if held else 'BROKEN'}  {promise}", flush=True)
    return 0 if all(promises.values()) else 1
