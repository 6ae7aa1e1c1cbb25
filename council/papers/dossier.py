"""The dossier of a sitting: cover, agenda with links, each item with its text and its annexes, in one PDF; or in a ZIP.

What goes in is already frozen: nothing here asks the database. An annex that cannot be printed keeps its place with a
page that says why, and what to do.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.template.loader import render_to_string

from council.papers import annexes, binding
from council.papers.binding import Bound, Part, Unbindable
from kb.exchange import pdf
from kb.exchange.printing import Printed

Step = Callable[[int, int], None]
MOST_TRIES = 3  # the agenda's length may change once, when its page numbers are known
SHEETS = ("paper.css", "dossier.css")


@dataclass(frozen=True)
class Annex:
    """A file of an item, at the version that was frozen. `data` reads its bytes when they are needed."""

    title: str
    file_name: str
    kind: str  # as kb.documents.file_types names it
    data: Callable[[], bytes]
    line: str = ""  # « version 2 du 3 octobre, 12 pages »


@dataclass(frozen=True)
class Advice:
    """What a commission said of an item."""

    commission: str
    line: str  # « Favorable, le 5 octobre 2026 »
    words: str = ""


@dataclass(frozen=True)
class Item:
    """An item of the agenda. `body` and `note` are clean HTML whose images are `data:` addresses."""

    number: str  # « 4 », « 6 bis »
    title: str
    kind: str = ""  # « Délibération », « Information »
    rapporteur: str = ""
    body: str = ""
    note: str = ""
    closed: bool = False  # the huis clos is proposed
    matter: str = ""  # « 7.1 Décisions budgétaires », as @CTES names it
    advices: Sequence[Advice] = field(default_factory=tuple)
    annexes: Sequence[Annex] = field(default_factory=tuple)
    changed: str = ""  # « Texte corrigé le 9 octobre 2026 : … »
    withdrawn: str = ""  # why it was taken off the agenda; its place stays

    @property
    def key(self) -> str:
        """What links name it by: a link has no space."""
        return f"item-{self.number.replace(' ', '-')}"


@dataclass(frozen=True)
class Dossier:
    """A sitting as it was convened."""

    town: str
    title: str  # « Conseil municipal »
    when: str  # « mardi 13 octobre 2026 à 18 h 30 »
    place: str
    items: Sequence[Item]
    made_on: str  # « 6 octobre 2026 »
    lines: Sequence[str] = ()  # what the cover says besides: who convenes, which version of the dossier

    @property
    def name(self) -> str:
        """The title of the document."""
        return f"{self.title} du {self.when}"


def pdf_of(dossier: Dossier, *, large: bool = False, step: Step | None = None) -> Bound:
    """The whole as one PDF. Raises kb.exchange.pdf.PdfUnavailable where Pango is missing."""
    told = step or (lambda done, total: None)
    parts = list(_inside(dossier, large, told))
    lengths = [(part.key, binding.pages_of(part)) for part in parts]
    front = _front(dossier, lengths, large)
    told(len(parts), len(parts))
    return binding.bind([front, *parts], title=dossier.name, author=dossier.town)


def _front(dossier: Dossier, lengths: Sequence[tuple[str, int]], large: bool) -> Part:
    """Cover and agenda, which says the page of each item: made again when the numbers changed its own length."""
    pages = 2
    for _ in range(MOST_TRIES):
        context = {"dossier": dossier, "rows": _rows(dossier, lengths, pages), "large": large}
        part = Part("front", "Ordre du jour", _printed("council/papers/front.html", dossier.name, context))
        if binding.pages_of(part) == pages:
            break
        pages = binding.pages_of(part)
    return part


def _rows(dossier: Dossier, lengths: Sequence[tuple[str, int]], front: int) -> list[dict[str, object]]:
    """The lines of the agenda, each with the page where it starts."""
    starts, page = {}, front + 1
    for key, length in lengths:
        starts[key] = page
        page += length
    return [
        {
            "item": item,
            "page": starts[item.key],
            "address": f"{binding.LINK}{item.key}",
            "annexes": [
                {"annex": annex, "page": starts[key], "address": f"{binding.LINK}{key}"} for key, annex in _keyed(item)
            ],
        }
        for item in dossier.items
    ]


def _keyed(item: Item) -> list[tuple[str, Annex]]:
    return [(f"{item.key}-annex-{place}", annex) for place, annex in enumerate(item.annexes, 1)]


def _inside(dossier: Dossier, large: bool, told: Step) -> Iterator[Part]:
    """Each item, then its annexes."""
    total = sum(1 + len(item.annexes) for item in dossier.items)
    done = 0
    for item in dossier.items:
        told(done, total)
        context = {"dossier": dossier, "item": item, "large": large}
        yield Part(item.key, f"{item.number}. {item.title}", _printed("council/papers/item.html", item.title, context))
        done += 1
        for key, annex in _keyed(item):
            told(done, total)
            yield _annex(key, item, annex, dossier, large)
            done += 1


def _annex(key: str, item: Item, annex: Annex, dossier: Dossier, large: bool) -> Part:
    """An annex as it is printed; or the page that takes its place."""
    try:
        part = Part(key, annex.title, annexes.printed(annex.data(), annex.kind, annex.file_name), level=1)
        binding.pages_of(part)
    except annexes.Unprintable as why:
        reason = why.sentence
    except Unbindable as why:
        reason = f"Ce PDF est {why.reason} : il ne peut pas être relié."
    else:
        return part
    context = {"dossier": dossier, "item": item, "annex": annex, "reason": reason, "large": large}
    return Part(key, annex.title, _printed("council/papers/instead.html", annex.title, context), level=1)


def _printed(template: str, title: str, context: dict[str, object]) -> bytes:
    return pdf.pdf(Printed(title, render_to_string(template, {"title": title, **context})), sheets=SHEETS)


def zip_of(dossier: Dossier, whole: Bound) -> bytes:
    """The PDF of the whole, and each annex as it was deposited, in a folder for each item."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("Dossier de séance.pdf", whole.pdf)
        for item in dossier.items:
            folder = f"{item.number} {item.title}".replace("/", "-").replace("\\", "-")[:80].strip(" .")
            for place, annex in enumerate(item.annexes, 1):
                packed.writestr(f"{folder}/{place:02} {annex.file_name}", annex.data())
    return out.getvalue()
