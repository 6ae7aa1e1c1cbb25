"""Many PDFs bound into one: bookmarks, continuous page numbers, links from one part to another. Pure: bytes in, bytes out.

Pages are copied as they are: a signed annex loses its signature in the copy, never in its own file. A part that cannot
be opened raises Unbindable: who binds puts a page that says so in its place.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

LINK = "part:"  # a link to this address leads to the part of that key: WeasyPrint knows no page of another file
NUMBER_SIZE = 9  # points
MARGIN = 18  # points from the foot of the page
A4 = (595.28, 841.89)  # points


class Unbindable(Exception):
    """A part that is no PDF, or is closed by a password; `key` names it."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key, self.reason = key, reason


@dataclass(frozen=True)
class Part:
    """A PDF to bind: its key (for links), its bookmark, and the depth of that bookmark (0: the first column)."""

    key: str
    title: str
    pdf: bytes
    level: int = 0


@dataclass(frozen=True)
class Bound:
    """The whole, and the first page (from 1) of each part by its key."""

    pdf: bytes
    pages: int
    starts: dict[str, int] = field(default_factory=dict)


def pages_of(part: Part) -> int:
    """How many pages a part has. Raises Unbindable."""
    with _opened(part) as source:
        return len(source.pages)


def bind(parts: Sequence[Part], *, title: str, author: str, language: str = "fr") -> Bound:
    """One PDF of all the parts, in order. Raises Unbindable for the first that cannot be opened."""
    starts: dict[str, int] = {}
    with Pdf.new() as bound:
        sources = []
        try:
            for part in parts:
                source = _opened(part)
                sources.append(source)
                starts[part.key] = len(bound.pages) + 1
                bound.pages.extend(source.pages)
            _number(bound)
            _link(bound, starts)
            _bookmark(bound, parts, starts)
            _describe(bound, title, author, language)
            out = io.BytesIO()
            bound.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return Bound(out.getvalue(), len(bound.pages), starts)
        finally:
            for source in sources:
                source.close()


def _opened(part: Part) -> Pdf:
    try:
        source = Pdf.open(io.BytesIO(part.pdf))
        if not len(source.pages):
            raise Unbindable(part.key, "aucune page")
    except pikepdf.PasswordError:
        raise Unbindable(part.key, "protégé par un mot de passe") from None
    except pikepdf.PdfError:
        raise Unbindable(part.key, "illisible") from None
    return source


def _number(bound: Pdf) -> None:
    """« 12 / 300 » at the foot of each page, drawn over it: its own drawing is closed first, whatever state it leaves."""
    total = len(bound.pages)
    font = bound.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    opening = bound.make_stream(b"q\n")
    for number, page in enumerate(bound.pages, 1):
        page.contents_add(opening, prepend=True)
        page.contents_add(bound.make_stream(_stamp(page, f"{number} / {total}")))
        page.add_resource(font, Name.Font, name=Name("/SeanceTenante"))


def _stamp(page: pikepdf.Page, words: str) -> bytes:
    """The drawing of a number, upright and at the foot as the page is looked at, whatever its rotation."""
    left, low, right, high = (float(value) for value in page.mediabox)
    turn = int(page.obj.get("/Rotate", 0)) % 360
    width = 0.5 * NUMBER_SIZE * len(words)  # Helvetica's figures are a little over half their size
    places = {
        0: (1, 0, 0, 1, (left + right) / 2 - width / 2, low + MARGIN),
        90: (0, 1, -1, 0, right - MARGIN, (low + high) / 2 - width / 2),
        180: (-1, 0, 0, -1, (left + right) / 2 + width / 2, high - MARGIN),
        270: (0, -1, 1, 0, left + MARGIN, (low + high) / 2 + width / 2),
    }
    matrix = " ".join(f"{value:.2f}" for value in places.get(turn, places[0]))
    return f"\nQ\nq BT /SeanceTenante {NUMBER_SIZE} Tf 0 g {matrix} Tm ({words}) Tj ET Q\n".encode("latin-1")


def _link(bound: Pdf, starts: dict[str, int]) -> None:
    """Links to `part:KEY` lead to that part's first page; to a part that is not there, nowhere."""
    for page in bound.pages:
        for annotation in page.obj.get("/Annots", ()):
            action = annotation.get("/A")
            address = str(action.get("/URI", "")) if isinstance(action, Dictionary) else ""
            if not address.startswith(LINK):
                continue
            del annotation["/A"]
            start = starts.get(address.removeprefix(LINK))
            if start:
                annotation["/Dest"] = Array([bound.pages[start - 1].obj, Name.Fit])


def _bookmark(bound: Pdf, parts: Sequence[Part], starts: dict[str, int]) -> None:
    with bound.open_outline() as outline:
        above: list[list[OutlineItem]] = [outline.root]
        for part in parts:
            item = OutlineItem(part.title, starts[part.key] - 1)
            del above[part.level + 1 :]
            above[-1].append(item)
            above.append(item.children)


def _describe(bound: Pdf, title: str, author: str, language: str) -> None:
    bound.Root.Lang = String(language)
    bound.Root.PageMode = Name.UseOutlines
    bound.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with bound.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = [language]
        metadata["dc:creator"] = [author]
