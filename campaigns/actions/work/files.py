"""Attachments: photos and papers that go with a task's form or with a hazard."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session, col

from campaigns.actions.stepping import UNCHANGED, task_to_fill
from campaigns.actions.work.handing_in import check_open
from campaigns.errors import Forbidden, Invalid, NotFound
from campaigns.rules.files.uploads import MOST_PER_FIELD, CheckedUpload, Upload, check_upload
from campaigns.rules.permissions import Actor, Permission, may
from campaigns.rules.work.fields import Wrong
from campaigns.store.files import FileStore
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import relation
from campaigns.store.work.attachments import nameless
from campaigns.store.work.tasks import Attachment

MOST_PER_THING = 60
LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class _Place:
    """Where files belong: one blank of a task's form, or one label of a hazard."""

    organisation_id: int
    label: str
    task_id: int | None = None
    hazard_id: int | None = None


def checked(uploads: Sequence[Upload], *, label: str, picture: bool) -> list[CheckedUpload]:
    """Return the files as they will be kept, or raise Invalid beside the blank; needs no session."""
    try:
        if len(uploads) > MOST_PER_FIELD:
            raise Wrong(f"一次最多传{MOST_PER_FIELD}个文件，请分几次传。")
        if not label or len(label) > LONGEST_LABEL:
            raise Wrong("不知道这些文件属于哪一栏，请刷新页面重传。")
        return [check_upload(upload, picture=picture) for upload in uploads]
    except Wrong as sentence:
        raise Invalid(
            "文件没有上传。", fields={label: str(sentence)}, kept="填写的文字已存为草稿。", advice="换一个文件再传。"
        ) from None


def laid_down(uploads: Sequence[CheckedUpload], *, store: FileStore) -> list[CheckedUpload]:
    """Write and hash checked files before the transaction that will name them: a disk's flush must not hold everybody else up.

    What is then refused is left to the orphan sweep.
    """
    return [
        replace(upload, storage_id=store.put(upload.content, upload.small), hashed=upload.sha256) for upload in uploads
    ]


def attach_to_task(
    session: Session,
    *,
    task_id: int,
    label: str,
    uploads: Sequence[Upload],
    picture: bool,
    store: FileStore,
    by: Actor,
    now: datetime,
) -> list[str]:
    """Keep files for one blank of a task's form, not handed in yet, and return their storage ids in order.

    `label` is the blank's name. The same bytes twice are kept once, so that sending again after a lost answer adds nothing.
    """
    task = task_to_fill(session, task_id, by=by)
    check_open(task)
    place = _Place(task.organisation_id, label, task_id=task.id)
    return _keep(session, place, uploads, picture=picture, store=store, by=by, now=now)


def attach_to_hazard(
    session: Session,
    *,
    hazard_id: int,
    label: str,
    uploads: Sequence[Upload],
    store: FileStore,
    by: Actor,
    now: datetime,
) -> list[str]:
    """Keep photos of a hazard (整改前, 整改后, 复查) and return their storage ids; whoever may work on it may add them."""
    hazard = session.get(Hazard, hazard_id)
    stands = relation(session, by, hazard.enterprise_id) if hazard else None
    if hazard is None or stands is None or not may(by, Permission.SEE, stands):
        raise NotFound
    working = (Permission.REGISTER_HAZARD, Permission.RECTIFY_HAZARD, Permission.RECHECK_HAZARD)
    if not any(may(by, permission, stands) for permission in working):
        raise Forbidden("您没有权限给这项隐患加照片。", kept=UNCHANGED)
    place = _Place(hazard.enterprise_id, label, hazard_id=hazard.id)
    return _keep(session, place, uploads, picture=True, store=store, by=by, now=now)


def sweep_files(session: Session, *, store: FileStore, now: datetime) -> int:
    """Take away what no row names for a day and more; return how many files that were. Twice takes nothing more."""
    left = nameless(session, store, now=now)
    for storage_id in left:
        store.remove(storage_id)
    return len(left)


def _keep(
    session: Session,
    place: _Place,
    uploads: Sequence[Upload],
    *,
    picture: bool,
    store: FileStore,
    by: Actor,
    now: datetime,
) -> list[str]:
    files = [(upload.sha256, upload) for upload in checked(uploads, label=place.label, picture=picture)]
    here = col(Attachment.task_id) == place.task_id if place.task_id else col(Attachment.hazard_id) == place.hazard_id
    there = session.execute(select(*map(col, (Attachment.sha256, Attachment.storage_id, Attachment.label))).where(here))
    rows = there.all()
    if len(rows) + len(files) > MOST_PER_THING:
        raise Invalid(
            "文件太多，没有上传。", fields={place.label: f"这里最多放{MOST_PER_THING}个文件。"}, kept="已有的文件都在。"
        )
    known: dict[str, str] = {row.sha256: row.storage_id for row in rows if row.label == place.label}
    new = []
    for sha256, upload in files:
        if sha256 not in known:
            known[sha256] = upload.storage_id or store.put(upload.content, upload.small)
            new.append(_row(place, upload, known[sha256], sha256, by=by, now=now))
    if new:
        session.execute(insert(Attachment), new)
    return [known[sha256] for sha256, _ in files]


def _row(
    place: _Place, upload: CheckedUpload, storage_id: str, sha256: str, *, by: Actor, now: datetime
) -> dict[str, Any]:
    return {
        "storage_id": storage_id,
        "organisation_id": place.organisation_id,
        "name": upload.name,
        "label": place.label,
        "content_type": upload.content_type,
        "size": len(upload.content),
        "sha256": sha256,
        "task_id": place.task_id,
        "hazard_id": place.hazard_id,
        "uploaded_by_id": by.person_id or 0,
        "uploaded_at": now,
        "undrawn": upload.is_picture,
    }
