"""The first page of a PDF, or an image, as a small picture; and how many pages a PDF has. Read in a child."""

import json
from dataclasses import dataclass

from kb.documents.extraction import sandbox
from kb.documents.extraction.sandbox import MB, Limits, SandboxError
from kb.documents.file_types import IMAGES, Kind

LIMITS = Limits(memory=1024 * MB, cpu=15, wall=30, output=8 * MB, file_size=8 * MB)
CHILD = "kb.documents.extraction.pictures"
HAVE_THUMBNAILS = frozenset({Kind.PDF, *IMAGES} - {Kind.HEIC})


@dataclass(frozen=True)
class Thumbnail:
    """A WebP of at most 240 × 480 pixels, and the number of pages of a PDF (None for an image)."""

    webp: bytes
    pages: int | None


class NoThumbnail(Exception):
    """No picture can be made. `reason` is "not_supported", "needs_password", "unreadable" or "too_heavy"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def first_page(data: bytes, kind: Kind | str) -> Thumbnail:
    """The thumbnail of a file of `kind`. Raises NoThumbnail, and nothing else, whatever the bytes are."""
    if kind not in HAVE_THUMBNAILS:
        raise NoThumbnail("not_supported")
    try:
        answer = sandbox.run_python(f"{CHILD}:{'pdf' if kind == Kind.PDF else 'image'}", stdin=data, limits=LIMITS)
    except sandbox.Failed as error:
        raise NoThumbnail("unreadable") from error
    except SandboxError as error:
        raise NoThumbnail("too_heavy") from error
    header, _, picture = answer.partition(b"\n")
    told = json.loads(header)
    if told["problem"]:
        raise NoThumbnail(told["problem"])
    return Thumbnail(picture, told["pages"])
