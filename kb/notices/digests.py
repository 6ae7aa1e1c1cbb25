"""What a digest says to one person: chosen by kb.notices.rules, among what he may see as it is written."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from kb import typography
from kb.notices import queries, rules
from kb.notices.letters import Letter, News, Withheld, letter_for, writes
from kb.notices.models import Mail, Notice, Rhythm
from kb.notices.registries import Line
from kb.notices.rules import Told
from kb.pages.tree import Node, Tree, known_title
from kb.permissions import Viewer

RESERVED = "Une page en accès réservé"  # a mailbox is read by others than its owner
HOW_OFTEN = {rules.DAILY: "chaque matin de travail", rules.WEEKLY: "chaque vendredi matin"}


def with_all(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """With what their lines print."""
    return notices.select_related("person", "by", "page", "document", "through_page", "through_tag")


def as_data(line: Line) -> dict[str, Any]:
    """A contributed line as its mail keeps it."""
    return asdict(line)


class Contents:
    """The lines for one person, from his notices and from what rooms contribute; rights are asked here, now."""

    def __init__(self, person: Any, notices: Collection[Notice], lines: Collection[Line], now: datetime) -> None:
        self.viewer = Viewer(person)
        self.lines: list[News] = []
        found: dict[int, tuple[Told, News]] = {}
        for notice in notices:
            if news := self._news(notice):
                found[notice.pk] = (Told(notice.pk, notice.at, notice.page_id, notice.asks), news)
        for place, line in enumerate(lines, 1):
            if self._may_see(line.page):
                found[-place] = (Told(-place, now, line.page, line.asks), self._contributed(line, now))
        chosen = rules.digest_of([told for told, _ in found.values()], now)
        self.lines = [found[key][1] for key in chosen.lines]
        self.left_out = chosen.left_out

    def _may_see(self, page: int | None) -> bool:
        return page is None or self.viewer.knows(page)

    def _news(self, notice: Notice) -> News | None:
        """The line of one notice; None when it must not be said any more."""
        if notice.kind == "published":
            return self._publication(notice) if self._may_see(notice.page_id) else None
        try:
            letter = letter_for(_as_mail(notice))
        except Withheld:
            return None
        return News(letter.subject, letter.path, _short(notice.at), letter.said, "")

    def _contributed(self, line: Line, now: datetime) -> News:
        why = f"Parce que {line.why}."
        if line.page is None:
            return News(line.text, line.path, _short(now), "", why)
        node = self.viewer.tree.nodes[line.page]
        title = RESERVED if is_quiet(self.viewer.tree, node) else known_title(node)
        return News(title, line.path, _short(now), line.text, why)

    def _publication(self, notice: Notice) -> News | None:
        node = self.viewer.tree.nodes[notice.page_id or 0]
        if not node.live or notice.page is None:
            return None
        path, when, why = f"/p/{node.id}/", _short(notice.at), f"Parce que {reason(notice, self.viewer)}."
        if is_quiet(self.viewer.tree, node):
            return News(RESERVED, path, when, "", "Parce que vous suivez cette page ou une page au-dessus.")
        who = f"{notice.by}{typography.NBSP}: " if notice.by else ""
        return News(known_title(node), path, when, f"{who}{notice.words}" if notice.words else "", why)


def is_quiet(tree: Tree, node: Node) -> bool:
    """Whether a mail says nothing of this page: it stands in a reserved branch."""
    return any(one.id in tree.reserved for one in (*tree.ancestors(node), node))


def reason(notice: Notice, viewer: Viewer) -> str:
    """« vous suivez cette page », « vous suivez « Voirie » », « vous suivez le mot-clé « conseil » »."""
    if notice.through_tag is not None:
        return f"vous suivez le mot-clé {_quoted(notice.through_tag.name)}"
    if notice.through_page_id is None or notice.through_page_id == notice.page_id:
        return "vous suivez cette page"
    above = viewer.tree.nodes.get(notice.through_page_id)
    if above is None or not viewer.can_view(above):
        return "vous suivez une page au-dessus"
    return f"vous suivez {_quoted(known_title(above))}"


def _quoted(words: str) -> str:
    return f"«{typography.NBSP}{words}{typography.NBSP}»"


def _short(value: datetime) -> str:
    day = timezone.localtime(value)
    return f"{day.day}{typography.NBSP}{typography.SHORT_MONTHS[day.month - 1]}"


def _as_mail(notice: Notice) -> Mail:
    """The mail that this notice would have been: the writer of its kind asks the rights."""
    return Mail(
        kind=notice.kind,
        to=notice.person,
        by=notice.by,
        page=notice.page,
        document=notice.document,
        words=notice.words,
        data=notice.data,
    )


@writes("digest")
def digest(mail: Mail) -> Letter:
    """All that waited for one person, in seven lines at most."""
    rhythm = queries.habits_of(mail.to).rhythm
    if rhythm == Rhythm.NEVER:
        raise Withheld("La personne ne veut plus de résumé.")
    others = [Line(**line) for line in mail.data.get("others", ())]
    contents = Contents(mail.to, list(with_all(mail.notices.all())), others, mail.written_at)
    if not contents.lines:
        raise Withheld("La personne n’a plus accès à rien de ce que ce résumé annonçait.")
    many = len(contents.lines) + contents.left_out
    more = (
        f" Et {typography.count(contents.left_out, 'autre page', 'autres pages')}, dans votre journal."
        if contents.left_out
        else ""
    )
    return Letter(
        subject=f"{typography.count(many, 'nouvelle')}{typography.NBSP}: {contents.lines[0].title}",
        kind="Résumé",
        title="Ce qui est nouveau pour vous",
        paragraphs=(f"Depuis votre dernier résumé.{more}",),
        news=tuple(contents.lines),
        button="Ouvrir mon journal",
        path="/journal/",
        why=f"Vous recevez ce résumé {HOW_OFTEN[rhythm]}, seulement s’il y a du nouveau, parce que vous suivez des "
        "pages ou que quelqu’un attend de vous une réponse. Il est envoyé par Séance tenante : n’y répondez pas.",
    )
