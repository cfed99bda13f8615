"""Whether the process lives and whether it can work, for supervisors and monitoring."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import base_of, now_of
from api.view import STALE_AFTER
from campaigns.queries.frame import scheduler_beat

router = APIRouter()


@router.get("/livez")
def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request, response: Response) -> dict[str, Any]:
    """The database answers; the scheduler's state is told but does not make the web door unready."""
    try:
        with base_of(request).reading() as session:
            beat = scheduler_beat(session)
    except Exception:  # any reason why the database does not answer means the same to a load balancer
        response.status_code = 503
        return {"status": "down", "database": "down"}
    awake = beat is not None and now_of(request) - beat <= STALE_AFTER
    return {
        "status": "ok",
        "database": "ok",
        "scheduler": "ok" if awake else "late",
        "scheduler_at": beat.isoformat() if beat else None,
    }
