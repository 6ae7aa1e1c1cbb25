"""One person's journal as it is printed: a line for each thing told, without a query for each."""

from collections.abc import Callable
from typing import Any

from kb import typography
from kb.notices import queries
from kb.notices.digests import reason, with_all
from kb.notices.models import Notice
from kb.notices.queries import Needs
from kb.pages.presentation import line_of
from kb.pages.tree import known_title
from kb.permissions import Viewer

Row = dict[str, Any]
PAGE_SIZE = 40
Sentence = Callable[[Notice], tuple[str, str]]
_sentences: dict[str, Sentence] = {}


def says(kind: str, *, to: Needs | None = None) -> Callable[[Sentence], Sentence]:
    """Registers `sentence(notice)` for a kind: what happened, and the address to go to ("" for the page's own).

    It asks no right and makes no query: the row is shown only to who may see the page that it is about, and to who is
    still what `to` says where reading the page is not enough to know of it.
    """
    if to:
        queries.need(kind, to)

    def register(sentence: Sentence) -> Sentence:
        _sentences[kind] = sentence
        return sentence

    return register


def rows(viewer: Viewer, *, page: int = 1, size: int = PAGE_SIZE) -> tuple[list[Row], bool]:
    """What the person was told, the newest first, and whether there is more. Three queries."""
    start = (page - 1) * size
    found = list(with_all(queries.told_to(viewer)).order_by("-at", "-pk")[start : start + size + 1])
    return [_row(notice, viewer) for notice in found[:size]], len(found) > size


def _row(notice: Notice, viewer: Viewer) -> Row:
    node = viewer.tree.nodes.get(notice.page_id or 0)
    known = node if node is not None and viewer.can_view(node) else None
    sentence, path = _sentences.get(notice.kind, _plain)(notice)
    line = line_of(viewer, known) if known else {"url": "", "changed_url": ""}
    title = known_title(known) if known else (notice.document.title if notice.document else notice.label)
    return {
        "title": title,
        "url": path or line["url"],
        "changed_url": line["changed_url"] if notice.kind == "published" else "",
        "sentence": sentence,
        "said": notice.words,
        "when": typography.moment(notice.at),
        "why": f"Parce que {reason(notice, viewer)}." if notice.kind == "published" else "",
    }


def _plain(notice: Notice) -> tuple[str, str]:
    who = f", par {notice.by}" if notice.by else ""
    return f"{notice.label}{who}.", ""


@says("published")
def _published(notice: Notice) -> tuple[str, str]:
    return (f"Publiée par {notice.by}." if notice.by else "Publiée."), ""


@says("comment", to=Needs.COMMENTS)
def _comment(notice: Notice) -> tuple[str, str]:
    return f"{notice.by} commente cette page.", _thread(notice)


@says("comment_answer", to=Needs.COMMENTS)
def _answer(notice: Notice) -> tuple[str, str]:
    return f"{notice.by} a répondu à votre commentaire.", _thread(notice)


def _thread(notice: Notice) -> str:
    return f"/p/{notice.page_id}/?fil={notice.data['comment']}#fil-{notice.data['comment']}"
