"""Comments on the reading view: a tab beside each place that has some, and a section at the foot of the page."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from kb import typography
from kb.comments import invitations, places, queries
from kb.comments.models import LONGEST_TEXT, CommentState
from kb.comments.places import Place
from kb.comments.queries import Thread
from kb.pages.frame import icons
from kb.pages.tree import Node
from kb.permissions import Viewer, abilities

NOTHING: SafeString = mark_safe("")


@dataclass
class Comments:
    """The comments of one page for one person, ready to be put beside what they are about."""

    request: HttpRequest
    viewer: Viewer
    node: Node
    content: Any  # kb.pages.presentation.Content: what is being read
    draft: bool
    threads: list[Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        can = abilities(self.viewer, self.node)
        self.can = can
        self.may_comment = can["read_draft"] if self.draft else can["comment"]
        self.threads = queries.threads(self.viewer, self.node, draft=self.draft)
        self.asked = self.may_comment and "commenter" in self.request.GET
        chosen = self.request.GET.get("fil", "")
        self.chosen = int(chosen) if chosen.isascii() and chosen.isdecimal() else 0
        self.here: dict[str, list[Thread]] = {}
        self.elsewhere: list[Thread] = []
        self.resolved: list[Thread] = []
        for thread in self.threads:
            self._put(thread)

    def _put(self, thread: Thread) -> None:
        """A thread goes beside its place; at the foot when its place is the page, is gone, or it is done with."""
        place = places.of(thread.comment)
        if not thread.comment.is_open:
            self.resolved.append(thread)
        elif places.stands_in(place, self.content):
            self.here.setdefault(place.key, []).append(thread)
        else:
            self.elsewhere.append(thread)

    @property
    def address(self) -> str:
        """Where this view is read."""
        return f"/p/{self.node.id}/brouillon/" if self.draft else f"/p/{self.node.id}/"

    def put_on(self, shown: Any) -> None:
        """Writes on the sheet (kb.pages.presentation.Sheet) what stands beside its attachments and at its foot."""
        if self.draft and self.node.live:
            shown.draft_line = "Vous lisez le brouillon : les lecteurs de la page n’en voient encore rien."
            shown.draft_url, shown.draft_words = f"/p/{self.node.id}/", "Lire la page publiée"
        if self.may_comment:
            shown.comment_url = self.address if self.asked else f"{self.address}?commenter=1"
            shown.comment_words = "Finir de commenter" if self.asked else "Commenter"
        shown.comments_html = self.foot()
        seen: set[int] = set()
        for place, row in enumerate(shown.attachments):
            if row["document_id"] in seen:
                continue  # the same document twice: its comments stand beside the first
            seen.add(row["document_id"])
            beside = self.attachment(row)
            if beside:
                anchor = Place(document=row["document_id"]).anchor
                shown.attachments[place] = {**row, "anchor": anchor, "comments_html": beside}

    def block(self, block: str) -> str:
        """What stands beside a block of the body."""
        return self._beside(Place(block=block), "ce passage")

    def attachment(self, row: dict[str, Any]) -> str:
        """What stands beside an attached document."""
        return self._beside(Place(document=row["document_id"]), f"« {row['title']} »")

    def _beside(self, place: Place, name: str) -> str:
        threads = self.here.get(place.key, [])
        if not threads and not self.asked:
            return NOTHING
        context = {
            **self._common(),
            "place": place.key,
            "name": name,
            "anchor": f"c-{place.anchor}",
            "threads": [self.row(thread) for thread in threads],
            "count": len(threads),
            "open": any(thread.comment.pk == self.chosen for thread in threads),
            "form": self.may_comment,
        }
        return mark_safe(render_to_string("kb/comments/place.html", context))  # noqa: S308 - a template's

    def _common(self) -> dict[str, Any]:
        return {
            "icons": icons(),
            "token": get_token(self.request) if self.may_comment else "",
            "draft": self.draft,
            "write_url": f"/p/{self.node.id}/commentaires/",
            "longest": LONGEST_TEXT,
        }

    def foot(self) -> str:
        """The section at the foot: what is said of the whole page, what has no place any more, what is done with."""
        here = self.here.get(places.PAGE.key, [])
        if not (self.may_comment or here or self.elsewhere or self.resolved):
            return NOTHING
        context = {
            **self._common(),
            "place": places.PAGE.key,
            "form": self.may_comment,
            "threads": [self.row(thread) for thread in here],
            "elsewhere": [self.row(thread, quoted=True) for thread in self.elsewhere],
            "resolved": [self.row(thread, quoted=True) for thread in self.resolved],
            "resolved_open": any(thread.comment.pk == self.chosen for thread in self.resolved),
            "beside": sum(len(found) for key, found in self.here.items() if key != places.PAGE.key),
            "on_draft": self._on_draft(),
            "draft_url": f"/p/{self.node.id}/brouillon/",
            **self._invitations(),
        }
        return mark_safe(render_to_string("kb/comments/foot.html", context))  # noqa: S308 - a template's

    def _on_draft(self) -> str:
        """How many comments wait on the draft, in words, for who reads it."""
        if self.draft or not (self.node.has_draft and self.can["read_draft"]):
            return ""
        waiting = queries.waiting_on_draft(self.viewer, self.node)
        return typography.count(waiting, "commentaire") if waiting else ""

    def _invitations(self) -> dict[str, Any]:
        """Who reads the draft by invitation, for who edits it."""
        shown = self.draft and self.can["edit"]
        guests = list(invitations.open_on(self.node)) if shown else []
        return {
            "may_invite": shown,
            "invite_url": f"/p/{self.node.id}/brouillon/invitations/",
            "guests": [
                {"id": one.pk, "name": str(one.person), "since": typography.day(one.invited_at)} for one in guests
            ],
            "possible": [{"id": one.pk, "name": str(one)} for one in invitations.guests_possible(self.node)]
            if shown
            else [],
        }

    def row(self, thread: Thread, *, quoted: bool = False) -> dict[str, Any]:
        """A thread as the template prints it."""
        comment = thread.comment
        place = places.of(comment)
        stands = quoted and place != places.PAGE and places.stands_in(place, self.content)
        return {
            "id": comment.pk,
            **said(comment),
            "state": state_line(thread),
            "is_open": comment.is_open,
            "answers": [{"id": one.pk, **said(one)} for one in thread.answers],
            "may_answer": thread.may_answer,
            "may_settle": thread.may_settle,
            "may_open": thread.may_open,
            "open_to_readers": comment.open_to_readers,
            "about": about_words(place) if quoted else "",
            "quote": thread.quote if quoted else "",
            "place_anchor": place.anchor if stands else "",
        }


def said(words: Any) -> dict[str, Any]:
    """Who said what and when; words taken back are not shown."""
    return {
        "author": str(words.author),
        "when": typography.moment(words.written_at),
        "edited": bool(words.edited_at),
        "withdrawn": bool(words.withdrawn_at),
        "text": "" if words.withdrawn_at else words.text,
    }


def state_line(thread: Thread) -> str:
    """« Résolu par Patrick Brun le 6 octobre 2026 », or nothing for what was always open."""
    comment = thread.comment
    if comment.state == CommentState.OPEN:
        return ""
    word = CommentState(comment.state).label.capitalize()
    return f"{word} par {comment.state_by} le {typography.day(comment.state_at)}"


def about_words(place: Place) -> str:
    """What a comment is about, in words."""
    if place.document:
        return "Sur une pièce jointe"
    return "Sur un passage" if place.block else "Sur la page"
