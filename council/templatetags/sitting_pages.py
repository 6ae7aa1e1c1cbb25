"""What the page of a sitting shows, part by part, and the sittings that a person prepares, on his home."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone

from council.acts import queries as acts
from council.agenda import queries, urgency
from council.agenda.enums import SittingKind, SittingState
from council.agenda.models import SittingPage
from council.agenda.reading import SittingRead, read_sitting
from council.clock import CannotTell
from council.convening import queries as convening
from council.convening.models import Answer
from council.decisions.queries import doors_of, reported_to
from council.floor.queries import ballots_of
from council.members.models import Mandate
from council.members.queries import in_office
from council.papers.content import Papers
from council.papers.models import Shape
from council.pouvoirs import queries as pouvoirs
from council.publication.queries import acts_of_sitting
from council.withdrawals import queries as withdrawals
from kb import typography
from kb.pages.tree import known_title
from kb.permissions import Viewer, viewer_of

register = template.Library()
TONES = {
    SittingState.PREPARATION: ("neutral", "edit"),
    SittingState.CONVENED: ("done", "mail"),
    SittingState.HELD: ("info", "check"),
    SittingState.CANCELLED: ("late", "warning"),
    SittingState.OPEN: ("watch", "clock"),
    SittingState.CLOSED: ("info", "check"),
}
LATELY, AT_ONCE = timedelta(days=60), 4  # a sitting held leaves deadlines; a home is read at a glance
NO_SITTING: dict[str, Any] = {
    "state": None, "kind": "", "when": "", "place": "", "members": "", "quorum": "", "convenes": False,
    "may_be_held": False, "urgency_url": "", "urgency_words": "",
}  # fmt: skip
NO_AGENDA: dict[str, Any] = {"agenda": [], "orders": False, "proposals": [], "dossiers": []}


def _state(stage: SittingState) -> dict[str, str]:
    tone, icon = TONES[stage]
    return {"label": str(stage.label), "tone": tone, "icon": icon}


@register.simple_tag(takes_context=True)
def sitting_of(context: Any, page_id: int) -> dict[str, Any]:
    """What a sitting is and where it stands, and what its preparation still asks; empty for one that is not written yet."""
    read = read_sitting(context["request"], page_id)
    if read is None:
        return NO_SITTING
    past = read.sitting.starts_at < timezone.now()
    return NO_SITTING | {
        "state": _state(read.stage),
        **_facts(read.sitting),
        "convenes": read.manages and read.stage == SittingState.PREPARATION,
        "may_be_held": read.manages and read.stage == SittingState.CONVENED and past,
        **_urgency(read.sitting, shown=read.prepares),
    }


@register.simple_tag(takes_context=True)
def agenda_of(context: Any, page_id: int) -> dict[str, Any]:
    """The agenda, the proposals that wait, and the dossiers, for who may have them."""
    read = read_sitting(context["request"], page_id)
    if read is None:
        return NO_AGENDA
    return {
        "agenda": read.agenda,
        "orders": read.prepares,
        "proposals": _proposals(read),
        "dossiers": _dossiers(read),
    }


@register.simple_tag(takes_context=True)
def clock_of(context: Any, page_id: int) -> dict[str, Any]:
    """The legal clock of a sitting: `clock`, its rows; `next`, the one that runs; `unknown`, what it cannot tell without."""
    read = read_sitting(context["request"], page_id)
    none: dict[str, Any] = {"clock": [], "next": None, "unknown": "", "ticks": False}
    if read is None or read.stage == SittingState.CANCELLED:
        return none
    return none | _clock(read) | {"ticks": read.manages}


@register.simple_tag(takes_context=True)
def sittings_prepared(context: Any) -> list[dict[str, Any]]:
    """The sittings that the person answers for, the soonest first, each with its next deadline; one query where there is none."""
    viewer = viewer_of(context["request"])
    if not viewer.signed_in or viewer.looker:
        return []
    since = timezone.now() - LATELY
    found = SittingPage.objects.filter(viewer.managed(), starts_at__gte=since).select_related("instance")
    rows = [_prepared(SittingRead(viewer, sitting)) for sitting in found.order_by("starts_at")[:AT_ONCE]]
    return [row for row in rows if row]


def _prepared(read: SittingRead) -> dict[str, Any]:
    """A sitting of the list; empty once nothing of it runs any more."""
    node = read.viewer.tree.nodes.get(read.sitting.pk)
    clock = _clock(read) if read.stage != SittingState.CANCELLED else {}
    if node is None or not (clock.get("next") or clock.get("unknown")):
        return {}
    return {
        "url": f"/p/{read.sitting.pk}/",
        "title": known_title(node),
        "state": _state(read.stage),
        "next": clock.get("next"),
        "unknown": clock.get("unknown", ""),
    }


def _urgency(sitting: SittingPage, *, shown: bool) -> dict[str, str]:
    """« Motiver l’urgence », or changing its reason, while an urgent sitting is prepared."""
    if not shown or sitting.sitting_kind != SittingKind.URGENT:
        return {"urgency_url": "", "urgency_words": ""}
    words = "Motiver l’urgence" if urgency.lacks_constat(sitting) else "Changer la raison de l’urgence"
    return {"urgency_url": f"/p/{sitting.pk}/urgence/", "urgency_words": words}


def _proposals(read: SittingRead) -> list[dict[str, str]]:
    if read.stage != SittingState.PREPARATION:
        return []
    rows = queries.waiting_proposals(read.viewer, read.sitting)
    return [
        {"title": one.title, "by": str(one.by), "url": f"/p/{read.sitting.pk}/propositions/{one.pk}/"} for one in rows
    ]


def _dossiers(read: SittingRead) -> list[dict[str, str]]:
    """The shapes of the whole dossier, for who may have it all."""
    if not read.viewer.signed_in or not Papers(read.sitting).may_be_had_by(read.viewer):
        return []
    return [{"url": f"/p/{read.sitting.pk}/dossier/{shape}/", "label": str(shape.label)} for shape in Shape]


def _clock(read: SittingRead) -> dict[str, Any]:
    try:
        rows = read.clock
    except CannotTell as unknown:
        return {"unknown": str(unknown)}
    return {"clock": rows, "next": next((row for row in rows if row["running"]), None)}


def _facts(sitting: SittingPage) -> dict[str, str]:
    """How it is convened, when, where, and how many must be there."""
    members = in_office(sitting.instance, queries.meeting_day(sitting)).count()
    return {
        "kind": str(sitting.get_sitting_kind_display()),
        "when": typography.moment(sitting.starts_at),
        "place": sitting.place or sitting.instance.place,
        "members": f"{typography.count(members, 'membre')} en exercice" if members else "",
        "quorum": queries.quorum_said(sitting, members)[0],
    }


NO_CONVENING: dict[str, Any] = {
    "sign": False, "send": False, "signature": "", "stale": False, "alarms": "", "left": "", "rows": 0, "acknowledged": "",
    "follows": False, "own": None, "pouvoirs": "", "apart": [],
}  # fmt: skip


@register.simple_tag(takes_context=True)
def convening_of(context: Any, page_id: int) -> dict[str, Any]:
    """What the person has to do about a sitting's convocation: sign, send, follow it; or acknowledge and answer his own."""
    read = read_sitting(context["request"], page_id)
    if read is None or not read.viewer.signed_in or read.viewer.looker:
        return NO_CONVENING
    viewer, sitting = read.viewer, read.sitting
    if read.stage == SittingState.PREPARATION:
        return NO_CONVENING | _to_sign(viewer, sitting, read.manages)
    found = {"own": _own(viewer, sitting), "pouvoirs": _pouvoirs(viewer, sitting)}
    return NO_CONVENING | _to_follow(read) | found


def _to_sign(viewer: Viewer, sitting: SittingPage, manages: bool) -> dict[str, Any]:
    signature = convening.last_signature(sitting)
    signed = signature is not None and convening.is_signed(sitting)
    may_sign = manages or convening.signs_for(sitting, viewer.user) is not None
    return {
        "sign": may_sign and not signed,
        "send": manages and signed,
        "signature": convening.signature_line(signature) if signature and (manages or may_sign) else "",
        "stale": signature is not None and not signed,
    }


def _to_follow(read: SittingRead) -> dict[str, Any]:
    if not read.manages:
        return {}
    if read.stage == SittingState.CANCELLED:
        return {"follows": True}  # nothing is to be delivered any more
    sitting = read.sitting
    due = convening.law_of(sitting).due
    rows = convening.lines(sitting, due)
    alarms = [row["name"] for row in rows if row["state"].alarm]
    left = convening.time_left(due, timezone.now()) if alarms else ""
    said = convening.answers_line(rows) if rows else ""
    apart = withdrawals.lines(sitting)
    return {
        "apart": apart,
        "follows": True,
        "alarms": ", ".join(alarms),
        "left": left,
        "rows": len(rows),
        "acknowledged": said,
    }


def _pouvoirs(viewer: Viewer, sitting: SittingPage) -> str:
    """« 2 pouvoirs donnés », for who follows them."""
    if not pouvoirs.follows(viewer, sitting):
        return ""
    number = pouvoirs.standing(sitting).count()
    return typography.count(number, "pouvoir donné", "pouvoirs donnés") if number else "aucun pouvoir donné"


def _own(viewer: Viewer, sitting: SittingPage) -> dict[str, Any] | None:
    """The person's own acknowledgement and answer, where he is convened and the sitting is to come."""
    mandate = convening.own(sitting, viewer.user)
    if mandate is None or sitting.starts_at < timezone.now():
        return None
    row = sitting.convocations.filter(mandate=mandate).first()
    given = row.answer if row else ""
    words = {
        Answer.PRESENT: "Je viens",
        Answer.ABSENT: "Je ne viens pas",
        Answer.UNKNOWN: "Je ne sais pas encore",
    }
    return {
        "acknowledged": typography.moment(row.acknowledged_at) if row and row.acknowledged_at else "",
        "choices": [{"value": str(one), "label": words[one], "chosen": one == given} for one in words],
        "given": words[Answer(given)] if given else "",
        **own_pouvoir(sitting, mandate),
    }


def own_pouvoir(sitting: SittingPage, mandate: Mandate) -> dict[str, str]:
    """To whom the member gave his pouvoir, and from whom he holds one."""
    given, held = pouvoirs.given_by(sitting, mandate), pouvoirs.held_by(sitting, mandate)
    return {"pouvoir_to": str(given.holder) if given else "", "pouvoir_from": str(held.giver) if held else ""}


@register.simple_tag(takes_context=True)
def floor_of(context: Any, page_id: int) -> dict[str, Any]:
    """The way to hold a sitting, the screen of its room, and, once it is closed, what came of each item one may read."""
    found: dict[str, Any] = {"operate": "", "word": "", "projection": "", "results": []}
    read = read_sitting(context["request"], page_id)
    if read is None or not read.viewer.signed_in:
        return found
    sitting, stage = read.sitting, read.stage
    words = {
        SittingState.CONVENED: "Tenir la séance",
        SittingState.HELD: "Noter ce qui s’est passé",
        SittingState.OPEN: "Tenir la séance",
        SittingState.CLOSED: "Le fil de la séance",
    }
    if stage in words and read.manages:
        found |= {"operate": f"/p/{sitting.pk}/operateur/", "word": words[stage]}
    if stage == SittingState.OPEN:
        found["projection"] = f"/p/{sitting.pk}/projection/"
    if stage == SittingState.CLOSED:
        found["results"] = _results(read)
    return found


def _results(read: SittingRead) -> list[dict[str, Any]]:
    titles = {str(row["number"]): row["title"] for row in read.agenda}
    return [
        {"number": row["item"], "title": titles[row["item"]], "name": row["name"], "sentence": row["sentence"]}
        for row in ballots_of(read.sitting)
        if row["item"] in titles
    ]


@register.simple_tag(takes_context=True)
def papers_of(context: Any, page_id: int) -> dict[str, Any]:
    """The way to the papers of a sitting, for who has some; `minutes` for who writes its procès-verbal."""
    read = read_sitting(context["request"], page_id)
    opened = {SittingState.OPEN, SittingState.CLOSED}
    if read is None or not read.viewer.signed_in or read.stage not in opened:
        return {"shown": False, "manages": False, "closed": False}
    access = acts.access(read.viewer, read.sitting)
    return {
        "shown": bool(access),
        "manages": access.manages and not read.viewer.looker,
        "closed": read.stage == SittingState.CLOSED,
    }


@register.simple_tag(takes_context=True)
def acts_of(context: Any, page_id: int) -> dict[str, Any]:
    """On a sitting's page: the report of the maire's decisions, for who reads them; its acts, for who keeps them."""
    read = read_sitting(context["request"], page_id)
    if read is None or not read.viewer.signed_in:
        return {"report": "", "rows": []}
    viewer, sitting = read.viewer, read.sitting
    leads = doors_of(viewer)["decisions"]
    report = typography.count(reported_to(sitting, viewer).count(), "décision") if leads else ""
    return {"report": report, "rows": acts_of_sitting(viewer, sitting)}
