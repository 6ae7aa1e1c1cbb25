"""What the index holds of the council: the papers that are no page, each with rights of its own.

An act (délibération, décision du maire) as it was decided, for who keeps it or sat there; what came of an item, for who
reads it with its sitting; the publication of an act, in the words that the public has; the procès-verbal with what was
said; it and the list of délibérations as the public has them; what follows an act, and each task of it. `search.rights` asks
who reads which, at each search.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from council.acts.models import Deliberation, ProcesVerbal
from council.acts.papers import ActPaper, Paper
from council.acts.queries import discussions_of, minutes_within, reach_of
from council.agenda.models import AgendaItemPage
from council.follow_up.models import FollowUp, Task
from council.follow_up.queries import follow_up_of, tasks_known_to
from council.nomenclature import label_of
from council.publication import queries as publication
from council.publication import sitting_papers, wording
from council.publication.files import text_in
from council.publication.models import Act, ActFile, FileRole, FileText, Publication, PublicPaper, SittingPaper, Way
from kb.permissions import Viewer
from kb.typography import day
from search import entries
from search.models import Entry, Kind
from search.passages import Part
from search.sorts import DECISION, DELIBERATION, FOLLOW_UP, LIST, MINUTES, TASK


@transaction.atomic
def write_act(act: Act) -> Entry:
    """Indexes an act as it was decided."""
    words = wording.text_of(act).removeprefix(act.subject)  # the title says it
    matter = label_of(act.matter)
    matter = f"Matière : {matter}" if matter else ""
    receipt = " ".join(f"Accusé de réception : {number}" for number in publication.receipts_of(act))
    parts = [Part(words.strip()), Part(_line(_numbers(act.written, act.number), matter, receipt))]
    return _write(_sort(act), f"{act} : {act.subject}", _at(act.decided_on), parts, act_id=act.pk)


@transaction.atomic
def write_outcome(deliberation: Deliberation) -> Entry:
    """Indexes what the page of a closed sitting tells of an item: its result, and the number that the act bears."""
    numbers = _numbers(deliberation.written, deliberation.number)
    title = f"{deliberation} : {deliberation.object}"
    parts = [Part(deliberation.sentence), Part(numbers)]
    return _write(DELIBERATION, title, _at(deliberation.decided_on), parts, outcome_id=deliberation.pk)


def write_all(act: Act) -> None:
    """Indexes an act in all the words that it has."""
    write_act(act)
    if act.deliberation is not None:
        write_outcome(act.deliberation)
    for one in act.publications.filter(down_at=None):
        write_publication(one)


@transaction.atomic
def write_publication(published: Publication) -> Entry | None:
    """Indexes an act as the public reads it; taken down, its entry is gone."""
    if published.down_at is not None:
        for entry in Entry.objects.filter(publication=published.pk):
            entry.delete()
        return None
    act = published.act
    parts = [Part(_public_words(published)), Part(_numbers(act.written, act.number))]
    title = f"{act} : {published.subject}"
    return _write(_sort(act), title, _at(act.decided_on), parts, publication_id=published.pk)


def _public_words(published: Publication) -> str:
    """The words of the very bytes that the public has. Where they do not read: the act's, if they are sure to be the same.

    A version masked by hand may mask more than anybody noted; a text corrected since was never examined.
    """
    read = FileText.objects.filter(sha256=published.sha256).first()
    if read is not None and read.text.strip():
        return read.text
    act = published.act
    by_hand = ActFile.objects.filter(act=act, role=FileRole.MASKED, sha256=published.sha256)
    if by_hand.exists() or _is_corrected(act, published.at):
        return ""
    passages = wording.to_mask(list(act.flags.all())) if published.masked else []
    return wording.masked_text(wording.text_of(act), passages)


def _is_corrected(act: Act, since: datetime) -> bool:
    return act.deliberation is not None and act.deliberation.corrections.filter(at__gt=since).exists()


@transaction.atomic
def write_minutes(minutes: ProcesVerbal) -> Entry:
    """Indexes a procès-verbal: what was said on each item."""
    sitting, said = minutes.sitting, discussions_of(minutes.sitting)
    titles = dict(AgendaItemPage.objects.filter(pk__in=said).values_list("pk", "title"))
    parts = [Part(text, titles.get(item, "")) for item, text in said.items()]
    parts += [Part(minutes.remarks, "Remarques")] if minutes.remarks else []
    title = f"Procès-verbal : {sitting.title}"
    return _write(MINUTES, title, sitting.starts_at, parts or [Part("")], minutes_id=minutes.pk)


@transaction.atomic
def write_paper(paper: PublicPaper) -> Entry | None:
    """Indexes a list or a procès-verbal in the words of the very bytes that the public has; what it replaces is gone."""
    gone = Entry.objects.filter(paper__sitting=paper.sitting_id, paper__paper=paper.paper)
    for entry in gone if paper.replaced_at else gone.exclude(paper=paper.pk):
        entry.delete()
    if paper.replaced_at:
        return None
    read = text_in(paper.sha256, lambda: bytes(paper.data))
    sort = MINUTES if paper.paper == SittingPaper.MINUTES else LIST
    return _write(sort, sitting_papers.title_of(paper), paper.sitting.starts_at, [Part(read.text)], paper_id=paper.pk)


@transaction.atomic
def write_follow_up(followed: FollowUp) -> Entry:
    """Indexes the money, the contract and the note of an act. The number stays for the act's own title."""
    act, known = followed.act, follow_up_of(followed.act)
    said = [f"{label} : {known[name]}" for name, label in FOLLOWED.items() if known[name]]
    return _write(
        FOLLOW_UP, f"Suivi : {act.subject}", _at(act.decided_on), [Part(_line(str(act), *said))], followed_id=act.pk
    )


FOLLOWED = {"amount": "Montant", "budget": "Budget", "contract": "Contrat", "note": "Où on en est"}


@transaction.atomic
def write_task(task: Task) -> Entry:
    """Indexes a task. Its owner need not read the act: only its number is told."""
    text = _line(str(task.act), task.service, str(task.owner), task.done_words)
    return _write(TASK, task.what, task.made_at, [Part(text)], task_id=task.pk)


def _write(sort: str, title: str, dated: datetime, parts: list[Part], **key: Any) -> Entry:
    fields = {"kind": Kind.ACT, "title": title[: entries.LONGEST_TITLE], "sort": sort, "state": "", "dated": dated}
    return entries.write(fields, parts, **key)


def _sort(act: Act) -> str:
    return DELIBERATION if act.deliberation_id else DECISION


def _at(on: date) -> datetime:
    """A day as a moment of it, the same day wherever it is read."""
    return timezone.make_aware(datetime.combine(on, time(12)))


def _numbers(written: str, transmitted: str) -> str:
    """The number in every way people write it: « Numéro : DEL-2026-041, DEL_2026_041, 2026-041 »."""
    bare = re.sub(r"^[A-Z]+\d*[-_]", "", written).replace("_", "-")
    return f"Numéro : {', '.join(dict.fromkeys((written, transmitted, bare)))}"


def _line(*words: str) -> str:
    return " · ".join(filter(None, words))


class Source(NamedTuple):
    """A sort of paper: the column of its entry, its rows, how each is written."""

    column: str
    rows: Callable[[], QuerySet[Any]]
    write: Callable[[Any], Entry | None]


SOURCES = (
    Source("act", lambda: Act.objects.all(), write_act),
    Source("outcome", lambda: Deliberation.objects.all(), write_outcome),
    Source("publication", lambda: Publication.objects.filter(down_at=None), write_publication),
    Source("minutes", lambda: ProcesVerbal.objects.defer("file"), write_minutes),
    Source("paper", sitting_papers.online, write_paper),
    Source("followed", lambda: FollowUp.objects.all(), write_follow_up),
    Source("task", lambda: Task.objects.all(), write_task),
)


# What a result says of an act, and where it leads.


@dataclass(frozen=True)
class Told:
    """The address that this person uses for a paper, and the words of its state."""

    address: str
    words: tuple[str, ...] = ()


def told(rows: Collection[Entry], viewer: Viewer) -> dict[int, Told]:
    """Entry → what to say of it, rights asked once more of council. A few queries, however many rows."""
    rows = [row for row in rows if row.kind == Kind.ACT]
    if not rows:
        return {}
    found: dict[int, Told] = {}
    acts = _Acts(rows, viewer)
    for row in rows:
        one = acts.told(row)
        if one is not None:
            found[row.pk] = one
    return found


class _Acts:
    """The acts behind some entries, as the viewer has them. Each attribute is one query, or none."""

    def __init__(self, rows: Collection[Entry], viewer: Viewer) -> None:
        self.rows, self.viewer, self.reach = rows, viewer, reach_of(viewer)

    def _ids(self, column: str) -> list[int]:
        return [pk for row in self.rows if (pk := getattr(row, f"{column}_id")) is not None]

    @cached_property
    def tasks(self) -> dict[int, Task]:
        if not self.viewer.signed_in:
            return {}
        known = tasks_known_to(self.viewer.user, publication.kept_within(self.reach))
        return {one.pk: one for one in known.filter(pk__in=self._ids("task")).select_related("owner")}

    @cached_property
    def acts(self) -> dict[int, Act]:
        """Those that the person reads as they were decided."""
        known = publication.read_within(self.reach).filter(pk__in=self._ids("act"))
        return {one.pk: one for one in publication.with_source(known)}

    @cached_property
    def kept(self) -> frozenset[int]:
        wanted = {*self._ids("act"), *self._ids("followed"), *(one.act_id for one in self.tasks.values())}
        known = publication.kept_within(self.reach).filter(pk__in=wanted)
        return frozenset(known.values_list("pk", flat=True))

    @cached_property
    def online(self) -> dict[int, Publication]:
        return {one.pk: one for one in publication.public().filter(pk__in=self._ids("publication"))}

    @cached_property
    def papers(self) -> dict[int, PublicPaper]:
        return {one.pk: one for one in sitting_papers.online().filter(pk__in=self._ids("paper"))}

    @cached_property
    def outcomes(self) -> dict[int, Deliberation]:
        """Those whose item and sitting the person reads."""
        found = Deliberation.objects.filter(pk__in=self._ids("outcome")).defer("text", "ballots", "roll")
        return {one.pk: one for one in found if self.viewer.knows(one.item_id) and self.viewer.knows(one.sitting_id)}

    @cached_property
    def minutes(self) -> dict[int, ProcesVerbal]:
        known = minutes_within(self.reach).filter(pk__in=self._ids("minutes"))
        return {one.pk: one for one in known.defer("file")}

    def told(self, row: Entry) -> Told | None:
        """What to say of one; None for what the person may not read."""
        if row.act_id is not None:
            return self._act(row.act_id)
        if row.publication_id is not None:
            one = self.online.get(row.publication_id)
            return Told(one.act.address, (_published(one),)) if one else None
        if row.paper_id is not None:
            paper = self.papers.get(row.paper_id)
            return Told(paper.address, (f"En ligne depuis le {day(paper.at)}",)) if paper else None
        if row.outcome_id is not None:
            return self._outcome(row.outcome_id)
        if row.minutes_id is not None:
            return self._minutes(row.minutes_id)
        if row.task_id is not None:
            return self._task(row.task_id)
        return Told(_sheet(row.followed_id)) if row.followed_id in self.kept else None

    def _act(self, pk: int) -> Told | None:
        act = self.acts.get(pk)
        if act is None:
            return None
        return Told(_sheet(pk) if pk in self.kept else _read_at(act), tuple(_states(act, keeps=pk in self.kept)))

    def _outcome(self, pk: int) -> Told | None:
        one = self.outcomes.get(pk)
        return Told(f"/p/{one.sitting_id}/#resultats", (str(one.get_result_display()),)) if one else None

    def _minutes(self, pk: int) -> Told | None:
        one = self.minutes.get(pk)
        if one is None:
            return None
        makes = pk in self.reach.made and not self.viewer.looker
        address = f"/p/{pk}/pv/" if makes else f"/p/{pk}/papiers/{Paper.MINUTES}.pdf"
        on = f" le {day(one.approved_on)}" if one.approved_on else ""
        return Told(address, (f"{one.get_state_display()}{on}",))

    def _task(self, pk: int) -> Told | None:
        task = self.tasks.get(pk)
        if task is None:
            return None
        address = _sheet(task.act_id) if task.act_id in self.kept else "/conseil/mes-taches/"
        state = f"Faite le {day(task.done_on)}" if task.done_on else f"À faire pour le {day(task.due)}"
        return Told(address, (state, str(task.owner)))


def _sheet(act: int | None) -> str:
    return f"/conseil/actes/{act}/"


def _read_at(act: Act) -> str:
    """Where a member reads it: the paper of the délibération, the decision's page."""
    if act.deliberation is not None:
        return f"/p/{act.deliberation.sitting_id}/deliberations/{act.deliberation_id}/{ActPaper.WHOLE}.pdf"
    return f"/conseil/decisions/{act.decision_id}/"


PUBLISHED = {Way.ELECTRONIC: "Publiée en ligne", Way.POSTING: "Affichée", Way.PAPER: "Publiée sur papier"}


def _published(one: Publication) -> str:
    return f"{PUBLISHED[Way(one.way)]} le {day(one.up_on)}"


def _states(act: Act, *, keeps: bool) -> Iterator[str]:
    """« Adoptée », where it stands with the public, since when it is exécutoire; what is left to do is for who keeps it."""
    if act.deliberation is not None:
        yield str(act.deliberation.get_result_display())
    online = publication.standing_publication(act)
    if online is not None:
        yield _published(online)
        since = publication.enforceable_on(act, getattr(act, "transmission", None))
        if since is not None:
            yield f"Exécutoire depuis le {day(since)}"
    elif keeps:
        yield publication.standing(act).words
