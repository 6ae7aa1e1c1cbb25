"""Reads: an agenda and the legal clock of a sitting, for the person who asks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from wagtail.models import Page, Revision

from council import clock
from council.agenda.enums import DECIDED, ItemKind, PlaceState, ProposalState, SittingKind, SittingState
from council.agenda.models import AgendaItemPage, AgendaPlace, DoneStep, Proposal, SittingPage, SittingRecord, stage_of
from council.clock import Deadline
from council.frozen.models import ChangeKind, PaperChange
from council.frozen.queries import Frozen, said_of, standing
from council.members.models import Mandate
from council.members.queries import in_office, quorum, quorum_rule, without_quorum
from kb import typography
from kb.documents.models import Attachment
from kb.pages import revising
from kb.permissions import Viewer, abilities
from kb.typography import count, day

Row = dict[str, Any]
# Noted before the sitting; all the rest follows it.
AGAIN = "posting_again"  # what was posted before an ordre du jour complémentaire does not show it
BEFORE = frozenset({"posting", AGAIN})
# What happens by itself or is noted elsewhere: nobody ticks it.
NOT_TICKED = frozenset(
    {"convocation", "earliest_meeting", "prefect_review_end", "publication_end", "quarterly_meeting"}
)


def meeting_day(sitting: SittingPage) -> date:
    """The day of a sitting, in the town's time."""
    return timezone.localtime(sitting.starts_at).date()


# The agenda.


def placed(sitting: SittingPage) -> list[AgendaPlace]:
    """The rows of an agenda in order, less what is in the trash. An item that has none yet comes last, unsaved."""
    rows = list(sitting.places.filter(item__trashed=None).select_related("item", "item__rapporteur", "moved_to"))
    known = {row.item_id for row in rows}
    last = max((row.position for row in rows), default=0)
    fresh = (
        AgendaItemPage.objects.child_of(sitting)
        .filter(trashed=None)
        .exclude(pk__in=known)
        .select_related("rapporteur")
        .order_by("path")
    )
    return rows + [
        AgendaPlace(sitting=sitting, item=item, position=last + place) for place, item in enumerate(fresh, 1)
    ]


def numbered(rows: list[AgendaPlace], *, convened: bool) -> list[tuple[str, AgendaPlace]]:
    """The rows that bear a number, in order: what stands on a draft agenda; once it is convened, what was announced."""
    if convened:
        return [(row.number, row) for row in rows if row.convened_revision_id]
    standing = [row for row in rows if row.state == PlaceState.ON]
    return [(str(number), row) for number, row in enumerate(standing, 1)]


def reads_whole(viewer: Viewer, sitting: SittingPage) -> bool:
    """Whether the person reads every item that was announced. Two queries."""
    return all(viewer.knows(row.item_id) for _, row in numbered(placed(sitting), convened=True))


def agenda(viewer: Viewer, sitting: SittingPage) -> list[Row]:
    """The items that the person may know of, with their numbers: those of a sitting convened never move."""
    rows = placed(sitting)
    convened = stage_of(sitting) != SittingState.PREPARATION
    numbers = {row.item_id: number for number, row in numbered(rows, convened=convened)}
    frozen = {one.place.item_id: one for one in standing(sitting)} if convened else {}
    pieces = _pieces([row.item_id for row in rows])
    shown = [row for row in rows if viewer.knows(row.item_id)]
    _as_written(shown, convened=convened)
    return [
        _line(viewer, row, pieces.get(row.item_id, 0))
        | _as_frozen(frozen.get(row.item_id))
        | {"number": numbers.get(row.item_id, "–")}
        for row in shown
    ]


def _as_frozen(one: Frozen | None) -> Row:
    """What the members of a convened sitting read of an item, whatever its draft or its files have become."""
    if one is None:
        return {}
    return {
        "title": one.title,
        "kind": _kind_line(ItemKind(one.item.content["kind"])),
        "rapporteur": one.rapporteur,
        "pieces": count(len(one.annexes), "pièce") if one.annexes else "",
        "changed": [said_of(row.change) for row in one.rows if row.change and row.replaces_id],
        "added": said_of(one.item.change) if one.item.change and not one.item.replaces_id else "",
    }


def _kind_line(kind: ItemKind) -> str:
    return str(kind.label) if kind in DECIDED else f"{kind.label}, sans vote"


def drafts_of(items: Iterable[AgendaItemPage]) -> dict[int, Any]:
    """Item's id → its newest draft, to be read: the row of a page never published keeps what it was created with."""
    known = {item.pk: item for item in items}
    revisions = Revision.objects.in_bulk([item.latest_revision_id for item in known.values()])
    return {
        pk: revising.to_read(item, revisions[item.latest_revision_id]) if item.latest_revision_id else item
        for pk, item in known.items()
    }


def _as_written(rows: list[AgendaPlace], *, convened: bool) -> None:
    """An agenda in preparation shows the kinds and the rapporteurs of the newest drafts. Two queries."""
    if convened:
        return
    drafts = drafts_of(row.item for row in rows)
    mandates = Mandate.objects.in_bulk([draft.rapporteur_id for draft in drafts.values() if draft.rapporteur_id])
    for row in rows:
        draft = drafts[row.item_id]
        row.item.item_kind, row.item.rapporteur = draft.item_kind, mandates.get(draft.rapporteur_id)


def _pieces(items: list[int]) -> dict[int, int]:
    """How many files each item bears, as its readers see them."""
    counted = Attachment.objects.filter(page__in=items).values("page").annotate(number=Count("pk"))
    return {row["page"]: row["number"] for row in counted.values("page", "number")}


def _line(viewer: Viewer, row: AgendaPlace, pieces: int) -> Row:
    node = viewer.tree.nodes[row.item_id]
    state = PlaceState(row.state)
    left = ""
    if state != PlaceState.ON:
        left = f"{state.label} : {row.reason}"
    return {
        "id": row.item_id,
        "title": row.item.title if node.live else (row.item.draft_title or row.item.title),
        "url": viewer.address(node),
        "kind": _kind_line(ItemKind(row.item.item_kind)),
        "rapporteur": str(row.item.rapporteur or ""),
        "pieces": count(pieces, "pièce") if pieces else "",
        "left": left,
        "on": state == PlaceState.ON,
        "changed_at": row.changed_at,
        "draft": not node.live,
        "changed": [],
        "added": "",
    }


def without_note(sitting: SittingPage) -> list[str]:
    """The titles of the items to be decided that have no note, as their drafts stand."""
    drafts = [row.item.get_latest_revision_as_object() for row in placed(sitting) if row.state == PlaceState.ON]
    return [draft.title for draft in drafts if draft.item_kind in DECIDED and not draft.note.strip()]


# Proposals.


def waiting_proposals(viewer: Viewer, sitting: SittingPage) -> QuerySet[Proposal]:
    """What waits for the secretariat of a sitting; nothing for anybody else."""
    if stage_of(sitting) != SittingState.PREPARATION or not abilities(viewer, sitting)["create_below"]:
        return Proposal.objects.none()
    return proposals_for(viewer, sitting).filter(state=ProposalState.WAITING).select_related("by", "page")


def proposals_for(viewer: Viewer, sitting: SittingPage) -> QuerySet[Proposal]:
    """The proposals to the instance of a sitting, from pages that the person may read."""
    seen = Page.objects.filter(viewer.visible()).values("pk")
    return sitting.instance.proposals.filter(page__in=seen)


# The clock.


@dataclass(frozen=True)
class Facts:
    """What is known of a sitting beside its date."""

    record: SittingRecord | None
    done: dict[str, date]
    next_meeting: date | None
    post_again: bool = False  # an ordre du jour complémentaire left after the agenda was posted


def facts_of(sitting: SittingPage) -> Facts:
    """Three queries, one more once the agenda is posted."""
    following = SittingPage.objects.live().filter(instance=sitting.instance_id, starts_at__gt=sitting.starts_at)
    following = following.exclude(record__state=SittingState.CANCELLED)
    next_one = following.order_by("starts_at").first()
    next_day = meeting_day(next_one) if next_one else None
    steps = {one.code: one for one in DoneStep.objects.filter(sitting=sitting.pk)}
    added_at = _added_at(sitting) if "posting" in steps else None
    if added_at and AGAIN in steps and steps[AGAIN].noted_at < added_at:
        del steps[AGAIN]
    return Facts(
        SittingRecord.objects.filter(page=sitting.pk).first(),
        {code: one.on for code, one in steps.items()},
        next_day if next_day and next_day > meeting_day(sitting) else None,
        post_again=added_at is not None and steps["posting"].noted_at < added_at,
    )


def _added_at(sitting: SittingPage) -> datetime | None:
    """When the last ordre du jour complémentaire left."""
    sent = PaperChange.objects.filter(sitting=sitting.pk, kind=ChangeKind.ADDED, sent_at__isnull=False)
    return sent.order_by("-sent_at").values_list("sent_at", flat=True).first()


def deadlines_of(sitting: SittingPage, facts: Facts) -> list[Deadline]:
    """The clock's answer. Raises clock.CannotTell, also where no population is known."""
    on = meeting_day(sitting)
    law = sitting.instance.in_law(on)
    if law is None:
        raise clock.CannotTell(
            f"La population de « {sitting.instance} » au dernier renouvellement n’est pas notée : donnez-la dans les "
            "réglages du conseil."
        )
    sent = facts.record.sent_on if facts.record else None
    told = clock.Sitting(
        on,
        clock.Kind(sitting.sitting_kind),
        sent=sent,
        next_meeting=facts.next_meeting,
        received=facts.done.get("transmission"),
        published=facts.done.get("publication") or facts.done.get("list"),
    )
    return clock.deadlines(law, told)


def clock_rows(sitting: SittingPage, today: date) -> list[Row]:
    """The panel: each deadline, its article, and where it stands in words. Raises clock.CannotTell."""
    facts = facts_of(sitting)
    deadlines = _posted_again(deadlines_of(sitting, facts), facts)
    rows = [_clock_row(one, facts, meeting_day(sitting), today) for one in deadlines]
    rows = _with_meeting(rows, sitting, today)
    waiting = [row for row in rows if row["state"] in {"coming", "late"} and row["due"]]
    running = min(waiting, key=lambda row: row["due"], default=None)
    return [row | {"running": row is running} for row in rows]


def _posted_again(deadlines: list[Deadline], facts: Facts) -> list[Deadline]:
    """The first posting stands with its day, for the register; the agenda completed since is posted in its turn."""
    if not facts.post_again:
        return deadlines
    title = "Afficher de nouveau l’ordre du jour, complété"
    return [
        row
        for one in deadlines
        for row in ([one, replace(one, code=AGAIN, title=title)] if one.code == "posting" else [one])
    ]


def quorum_said(sitting: SittingPage, members: int) -> tuple[str, str]:
    """« Quorum : 10 présents sur 19 », and its article; where the law asks for none, or is not known, that."""
    if sitting.sitting_kind == SittingKind.SECOND:
        return "Sans condition de quorum", "L2121-17"
    on = meeting_day(sitting)
    needed, rule = quorum(sitting.instance, members, on), quorum_rule(sitting.instance, on)
    said = f"Quorum : {needed} présents sur {members}" if needed else without_quorum(sitting.instance)
    return said, rule.article if rule else ""


def quorum_sentence(sitting: SittingPage, members: int) -> str:
    """Likewise, before the roll call."""
    said = quorum_said(sitting, members)[0]
    return typography.typeset(f"{said}. Les pouvoirs n’y comptent pas." if said.startswith("Quorum :") else f"{said}.")


def _with_meeting(rows: list[Row], sitting: SittingPage, today: date) -> list[Row]:
    """The sitting itself, among what comes before and after it."""
    on = meeting_day(sitting)
    members = in_office(sitting.instance, on).count()
    asked, article = quorum_said(sitting, members)
    words = asked if members else ("À venir" if on >= today else "")
    own = {
        "code": "meeting",
        "title": "Séance",
        "when": typography.moment(sitting.starts_at),
        "article": article,
        "words": words,
        "state": "done" if on < today else "coming",
        "tick": "",
        "due": on,
        "why": "",
    }
    before = [
        row
        for row in rows
        if (row["due"] and row["due"] <= on) or row["code"] in {"convocation", "posting", AGAIN, "note"}
    ]
    return [*before, own, *(row for row in rows if row not in before)]


def _clock_row(one: Deadline, facts: Facts, on: date, today: date) -> Row:
    done = facts.done.get(one.code)
    if one.code in {"convocation", "note"} and facts.record and facts.record.sent_on:
        done = facts.record.sent_on
    state, words = _state(one, done, today)
    if one.code == "convocation" and done and one.due:
        words += f" : {_clear(clock.clear_days_between(done, on))} pour {(on - one.due).days - 1}"
    return {
        "code": one.code,
        "title": one.title,
        "when": _when(one),
        "article": one.article,
        "words": words,
        "why": one.why,
        "state": state,
        "due": one.due,
        "tick": one.code if not done and not one.asked and _may_be_noted(one.code, on, today) else "",
    }


def _may_be_noted(code: str, on: date, today: date) -> bool:
    return code not in NOT_TICKED and (code in BEFORE or today >= on)


def _clear(days: int) -> str:
    return count(days, "jour franc", "jours francs")


def _when(one: Deadline) -> str:
    if one.due is None:
        return "Règle à donner" if one.asked else "Dès que possible"
    if one.code in {"prefect_review_end", "publication_end"}:
        return f"Jusqu’au {day(one.due)}"
    advised = f", mieux le {day(one.advised)}" if one.advised else ""
    return f"Au plus tard le {day(one.due)}{advised}"


def _state(one: Deadline, done: date | None, today: date) -> tuple[str, str]:
    """In words: « Fait le… », « Encore 2 jours », « Délai dépassé depuis… »."""
    if done:
        late = " : trop tard" if one.due and done > one.due else ""
        return ("late" if late else "done"), f"Fait le {day(done)}{late}"
    if one.due is None:
        return ("watch", "À demander") if one.asked else ("coming", "À faire")
    left = (one.due - today).days
    if one.code in {"prefect_review_end", "publication_end"}:
        return ("done", "Délai passé") if left < 0 else ("later", "En cours ou à venir")
    if left < 0:
        return "late", f"Délai dépassé depuis {count(-left, 'jour')}"
    if left == 0:
        return "coming", "C’est aujourd’hui"
    return "coming", f"Encore {count(left, 'jour')}" if left <= 30 else "À venir"
