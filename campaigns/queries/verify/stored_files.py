"""I12: every attachment has its bytes, unchanged, and every stored file its row."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import col

from campaigns.queries.verify.findings import Finding, Scene
from campaigns.store.files import FileStore
from campaigns.store.work.attachments import nameless
from campaigns.store.work.tasks import Attachment


def wrong_attachments(scene: Scene) -> Iterator[Finding]:
    """Hash every stored file again and hold it against its row; a missing one is named by the person's own file name."""
    columns = col(Attachment.id), col(Attachment.storage_id), col(Attachment.name), col(Attachment.sha256)
    for id_, storage_id, name, sha256 in scene.session.execute(select(*columns).order_by(col(Attachment.id))):
        actual = _hash(scene.files, storage_id)
        if actual is None:
            yield Finding(f"attachment {id_}", f"附件{id_}“{name}”的文件找不到了（{storage_id}）。")
        elif actual != sha256:
            yield Finding(f"attachment {id_}", f"附件{id_}“{name}”的文件内容被改动过，和上传时的校验值不符。")


def nameless_files(scene: Scene) -> Iterator[Finding]:
    """Find stored files that no row names."""
    for storage_id in nameless(scene.session, scene.files, now=scene.now):
        yield Finding(f"file {storage_id}", f"附件目录里的文件{storage_id}没有任何记录引用它。")


def _hash(files: FileStore, storage_id: str) -> str | None:
    try:
        return hashlib.sha256(files.read(storage_id)).hexdigest()
    except FileNotFoundError:
        return None
