"""The same two requests with nothing but FastAPI and SQL: no session, no scope, no rules, no ledger. What a rewrite could gain.

`BARE_DATABASE` is the benchmark's own SQLite file, `BARE_FILES` a directory.
"""

import hashlib
import os
import secrets
import sqlite3
import threading
from html import escape
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, File, Form, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from campaigns import clock

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
OWED = """
SELECT t.id, o.title, t.due_on FROM task t JOIN occurrence o ON o.id = t.occurrence_id
WHERE t.organisation_id = ? AND t.state IN ('assigned', 'acknowledged', 'sent_back') ORDER BY t.due_at LIMIT 300
"""
_here, _writer = threading.local(), threading.Lock()


@app.get("/livez")
def livez() -> str:
    """The process answers."""
    return "ok"


@app.get("/bare/{organisation_id}", response_class=HTMLResponse)
def worklist(organisation_id: int) -> str:
    """List what an organisation owes."""
    rows = _database().execute(OWED, (organisation_id,)).fetchall()
    lines = "".join(f'<li><a href="/tasks/{id_}">{escape(title)}</a> {due_on}</li>' for id_, title, due_on in rows)
    return f"<!doctype html><title>x</title><ul>{lines}</ul>"


@app.post("/bare/{task_id}")
def hand_in(
    task_id: int, note: Annotated[str, Form()], photos: Annotated[list[UploadFile], File()]
) -> RedirectResponse:
    """Keep three photos and one row."""
    kept = [_kept(photo.file.read()) for photo in photos]
    with _writer:
        base = _database()
        base.execute("BEGIN IMMEDIATE")
        base.execute(
            "INSERT INTO bare (task_id, note, photos, at) VALUES (?, ?, ?, ?)",
            (task_id, note, ",".join(kept), clock.now().isoformat()),
        )
        base.execute("COMMIT")
    return RedirectResponse("/bare/1", status_code=303)


def _kept(content: bytes) -> str:
    name = secrets.token_hex(16)
    with Path(os.environ["BARE_FILES"], name).open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return f"{name}:{hashlib.sha256(content).hexdigest()}"


def _database() -> sqlite3.Connection:
    if not hasattr(_here, "base"):
        _here.base = sqlite3.connect(os.environ["BARE_DATABASE"], isolation_level=None, timeout=15)
        _here.base.execute("PRAGMA journal_mode=wal")
        _here.base.execute("PRAGMA synchronous=FULL")
        _here.base.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, task_id INT, note, photos, at)")
    base: sqlite3.Connection = _here.base
    return base
