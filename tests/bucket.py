"""A bucket of the S3 protocol as far as attachments need it: PUT, GET, bulk delete and list, for requests signed with our key."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from campaigns.settings import Settings
from campaigns.store.files import FileStore, file_store

KEY = "the-access-key"
MOMENT = 1_700_000_000


class _Bucket(BaseHTTPRequestHandler):
    """One request on the objects of its server."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        self._objects[self._name] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200)

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if "list-type" in parse_qs(asked.query):
            self._answer(200, self._listing())
        elif self._name in self._objects:
            self._answer(200, self._objects[self._name])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_POST(self) -> None:
        """Delete the objects that are named in the body."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        names = re.findall(r"<Key>([^<]+)</Key>", body)
        for name in names:
            self._objects.pop(name, None)
        gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
        self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    @property
    def _objects(self) -> dict[str, bytes]:
        objects: dict[str, bytes] = self.server.objects  # type: ignore[attr-defined]
        return objects

    @property
    def _name(self) -> str:
        return urlsplit(self.path).path.removeprefix("/attachments/")

    def _listing(self) -> bytes:
        lines = (
            f"<Contents><Key>{name}</Key><LastModified>2023-11-14T22:13:20.000Z</LastModified>"
            f'<ETag>"{name}"</ETag><Size>{len(content)}</Size></Contents>'
            for name, content in sorted(self._objects.items())
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(lines)}</ListBucketResult>".encode()

    def _answer(self, status: int, body: bytes = b"") -> None:
        if f"Credential={KEY}/" not in self.headers.get("Authorization", ""):
            status, body = 403, b"<Error><Code>AccessDenied</Code></Error>"
        self.send_response(status)
        self.send_header("ETag", '"whole"')
        self.send_header("Last-Modified", formatdate(MOMENT, usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def bucket() -> Iterator[str]:
    """Run a bucket called “attachments” and yield its endpoint."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bucket)
    server.objects = {}  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def kept_in(kind: str, home: Path) -> Iterator[FileStore]:
    """Open a store of attachments in a `directory` or in a `bucket` of this kind, as the settings choose it."""
    if kind == "directory":
        yield file_store(Settings(home=home))
        return
    with bucket() as endpoint:
        secret = SecretStr("the secret key")
        chosen = {"files_bucket": "attachments", "files_endpoint": endpoint, "files_key": KEY, "files_secret": secret}
        yield file_store(Settings(home=home, **chosen))  # type: ignore[arg-type]
