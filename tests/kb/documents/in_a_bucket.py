"""What a site whose files are in a bucket does, run in a process of its own; prints what it saw as JSON."""

import hashlib
import io
import json
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from PIL import Image as Picture

from kb.documents import operations as documents
from kb.documents import orphans
from kb.documents.models import DocumentVersion, Image
from kb.people.models import User
from kb.work import operations as work

WORDS = b"Ligne de texte en clair.\n" * 40_000  # a megabyte


def main() -> None:
    """Deposits, serves, sweeps."""
    print(json.dumps(seen()))


def seen() -> dict[str, Any]:
    """Each thing done, and what came of it."""
    admin = User.objects.get()
    out = io.BytesIO()
    Picture.new("RGB", (600, 400), "teal").save(out, "PNG")
    picture = out.getvalue()
    note = documents.deposit(file=io.BytesIO(WORDS), file_name="note.txt", author=admin)
    plan = documents.deposit(file=io.BytesIO(picture), file_name="plan.png", author=admin)
    image = Image.objects.create(title="Plan", file=ContentFile(picture, "plan.png"), uploaded_by_user=admin)
    rendition = image.get_rendition("width-40")
    work.drain()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(admin, backend="kb.people.backends.SignInNameOrEmail")
    address, digest = f"/documents/{note.pk}/", hashlib.sha256(WORDS).hexdigest()

    def asked(path: str, method: str = "get", **headers: str) -> list[Any]:
        answer = getattr(client, method)(path, headers=headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return [answer.status_code, answer.headers.get("ETag", "").strip('"'), len(body), body[:12].decode("latin-1")]

    orphan = storages["documents"].save("2026/01/orphan.txt", ContentFile(b"x"))
    kept = sorted(orphans.files_of(storages["documents"]))
    return {
        "recorded": [note.current_version.sha256 == digest, note.current_version.size == len(WORDS)],
        "whole": asked(address) == [200, digest, len(WORDS), "Ligne de tex"],
        "range": asked(address, Range="bytes=900006-900011")[::2],
        "words": asked(address, Range="bytes=25-30")[3],
        "beyond": asked(address, Range="bytes=9999999-")[0],
        "not modified": asked(address, **{"If-None-Match": f'"{digest}"'})[::2],
        "head": asked(address, "head")[::2],
        "picture": asked(f"/documents/{plan.pk}/")[::2] == [200, len(picture)],
        "thumbnail": asked(f"/documents/{plan.pk}/v1/vignette/")[0],
        "rendition": asked(f"/images/{rendition.pk}/")[0],
        "lost": lost(client, plan),
        "address": refused(note.file.storage.url),
        "swept": orphans.sweep(now=timezone.now() + timedelta(days=2)) == [f"documents/{orphan}"],
        "left": sorted(orphans.files_of(storages["documents"])) == [name for name in kept if name != orphan],
    }


def lost(client: Client, document: Any) -> int:
    """The answer when the bucket has lost the bytes; they are put back."""
    file = document.current_version.file
    data = file.open().read()
    file.storage.delete(file.name)
    answer = client.get(f"/documents/{document.pk}/").status_code
    file.storage.save(file.name, ContentFile(data))
    return int(answer)


def refused(url: Any) -> bool:
    """Whether the storage gives no address."""
    try:
        url("a.txt")
    except NotImplementedError:
        return True
    return False


def digests() -> None:
    """Prints what the site has of each version's bytes."""
    print(
        json.dumps([hashlib.sha256(v.file.open().read()).hexdigest() for v in DocumentVersion.objects.order_by("pk")])
    )
