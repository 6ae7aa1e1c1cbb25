"""What pages show of the council: kb's templates ask here, kb's code knows nothing of it."""

from datetime import timedelta
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import timezone

from council.acts import queries as acts
from council.agenda import queries, urgency
from council.agenda.enums import BEFORE_STATES, PlaceState, SittingKind, SittingState
from council.agenda.models import AgendaItemPage, AgendaPlace, SittingPage, stage_of
from council.clock import CannotTell
from council.convening import queries as convening
from council.convening.models import Answer
from council.decisions.queries import kept_by, reported_to
from council.floor.queries import ballots_of
from council.follow_up import queries as follow_up
from council.frozen.queries import of_item
from council.items import queries as items
from council.members.models import Instance, Mandate
from council.members.queries import in_office, seats_of
from council.papers.content import Papers
from council.papers.models import Shape
from council.pouvoirs import queries as pouvoirs
from council.publication.queries import acts_of_sitting
from council.publication.sitting_papers import online
from council.questions import queries as questions
from council.withdrawals import queries as withdrawals
from council.withdrawals.models import Ground
from kb import typography
from kb.pages.tree import known_title
from kb.permissions import Viewer, abilities, viewer_of

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
EMPTY: dict[str, Any] = {
    "state": None, "kind": "", "when": "", "place": "", "members": "", "quorum": "", "agenda": [], "clock": [], "unknown": "", "next": None, "proposals": [], "orders": False,
    "dossiers": [], "convenes": False, "may_be_held": False, "ticks": False,
    "urgency_url": "", "urgency_words": "",
}  # fmt: skip


def _viewer(context: Any) -> Viewer:
    request: HttpRequest = context["request"]
    return viewer_of(request)


@register.simple_tag(takes_context=True)
def sitting_of(context: Any, page_id: int) -> dict[str, Any]:
    """Agenda, legal clock and deeds of a sitting, for who reads it; empty for one that is not written yet."""
    sitting = SittingPage.objects.select_related("instance").filter(pk=page_id).first()
    if sitting is None:
        return EMPTY
    viewer, stage = _viewer(context), stage_of(sitting)
    can = abilities(viewer, sitting)
    in_preparation, acts = stage == SittingState.PREPARATION, not viewer.looker
    tone, icon = TONES[stage]
    found = {
        "state": {"label": str(stage.label), "tone": tone, "icon": icon},
        **_facts(sitting),
        "agenda": queries.agenda(viewer, sitting),
        "proposals": [
            {"title": one.title, "by": str(one.by), "url": f"/p/{sitting.pk}/propositions/{one.pk}/"}
            for one in queries.waiting_proposals(viewer, sitting)
        ],
        "dossiers": _dossiers(viewer, sitting),
        "orders": acts and can["edit"] and in_preparation,
        "convenes": acts and can["publish"] and in_preparation,
        "may_be_held": acts
        and can["publish"]
        and stage == SittingState.CONVENED
        and sitting.starts_at < timezone.now(),
        "ticks": acts and can["publish"],
        **_urgency(sitting, shown=acts and can["edit"] and in_preparation),
    }
    return EMPTY | found | (_clock(sitting) if stage != SittingState.CANCELLED else {})


@register.simple_tag(takes_context=True)
def sittings_prepared(context: Any) -> list[dict[str, Any]]:
    """The sittings that the person answers for, the soonest first, each with its next deadline; one query where there is none."""
    viewer = _viewer(context)
    if not viewer.signed_in or viewer.looker:
        return []
    since = timezone.now() - LATELY
    found = SittingPage.objects.filter(viewer.managed(), starts_at__gte=since).select_related("instance")
    rows = [_prepared(viewer, sitting) for sitting in found.order_by("starts_at")[:AT_ONCE]]
    return [row for row in rows if row]


def _prepared(viewer: Viewer, sitting: SittingPage) -> dict[str, Any]:
    """A sitting of the list; empty once nothing of it runs any more."""
    stage, node = stage_of(sitting), viewer.tree.nodes.get(sitting.pk)
    clock = _clock(sitting) if stage != SittingState.CANCELLED else {}
    if node is None or not (clock.get("next") or clock.get("unknown")):
        return {}
    tone, icon = TONES[stage]
    return {
        "url": f"/p/{sitting.pk}/", "title": known_title(node), "state": {"label": str(stage.label), "tone": tone, "icon": icon},
        "next": clock.get("next"), "unknown": clock.get("unknown", ""),
    }  # fmt: skip


def _urgency(sitting: SittingPage, *, shown: bool) -> dict[str, str]:
    """« Motiver l’urgence », or changing its reason, while an urgent sitting is prepared."""
    if not shown or sitting.sitting_kind != SittingKind.URGENT:
        return {"urgency_url": "", "urgency_words": ""}
    words = "Motiver l’urgence" if urgency.lacks_constat(sitting) else "Changer la raison de l’urgence"
    return {"urgency_url": f"/p/{sitting.pk}/urgence/", "urgency_words": words}


def _dossiers(viewer: Viewer, sitting: SittingPage) -> list[dict[str, str]]:
    """The shapes of the whole dossier, for who may have it all."""
    if not viewer.signed_in or not Papers(sitting).may_be_had_by(viewer):
        return []
    return [{"url": f"/p/{sitting.pk}/dossier/{shape}/", "label": str(shape.label)} for shape in Shape]


def _clock(sitting: SittingPage) -> dict[str, Any]:
    try:
        rows = queries.clock_rows(sitting, timezone.localdate())
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
    sitting = SittingPage.objects.select_related("instance").filter(pk=page_id).first()
    viewer = _viewer(context)
    if sitting is None or not viewer.signed_in or viewer.looker:
        return NO_CONVENING
    manages = abilities(viewer, sitting)["publish"]
    if stage_of(sitting) == SittingState.PREPARATION:
        return NO_CONVENING | _to_sign(viewer, sitting, manages)
    found = {"own": _own(viewer, sitting), "pouvoirs": _pouvoirs(viewer, sitting)}
    return NO_CONVENING | _to_follow(sitting, manages) | found


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


def _to_follow(sitting: SittingPage, manages: bool) -> dict[str, Any]:
    if not manages:
        return {}
    if stage_of(sitting) == SittingState.CANCELLED:
        return {"follows": True}  # nothing is to be delivered any more
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
    sitting, viewer = SittingPage.objects.filter(pk=page_id).first(), _viewer(context)
    if sitting is None or not viewer.signed_in:
        return found
    stage = stage_of(sitting)
    words = {
        SittingState.CONVENED: "Tenir la séance", SittingState.HELD: "Noter ce qui s’est passé",
        SittingState.OPEN: "Tenir la séance", SittingState.CLOSED: "Le fil de la séance",
    }  # fmt: skip
    if stage in words and not viewer.looker and abilities(viewer, sitting)["publish"]:
        found |= {"operate": f"/p/{sitting.pk}/operateur/", "word": words[stage]}
    if stage == SittingState.OPEN:
        found["projection"] = f"/p/{sitting.pk}/projection/"
    if stage == SittingState.CLOSED:
        found["results"] = _results(viewer, sitting)
    return found


def _results(viewer: Viewer, sitting: SittingPage) -> list[dict[str, Any]]:
    titles = {str(row["number"]): row["title"] for row in queries.agenda(viewer, sitting)}
    return [
        {"number": row["item"], "title": titles[row["item"]], "name": row["name"], "sentence": row["sentence"]}
        for row in ballots_of(sitting)
        if row["item"] in titles
    ]


@register.simple_tag(takes_context=True)
def papers_of(context: Any, page_id: int) -> dict[str, Any]:
    """The way to the papers of a sitting, for who has some; `minutes` for who writes its procès-verbal."""
    viewer = _viewer(context)
    sitting = SittingPage.objects.select_related("instance").filter(pk=page_id).first()
    opened = {SittingState.OPEN, SittingState.CLOSED}
    if sitting is None or not viewer.signed_in or stage_of(sitting) not in opened:
        return {"shown": False, "manages": False, "closed": False}
    access = acts.access(viewer, sitting)
    closed = stage_of(sitting) == SittingState.CLOSED
    return {"shown": bool(access), "manages": access.manages and not viewer.looker, "closed": closed}


@register.simple_tag(takes_context=True)
def item_of(context: Any, page_id: int) -> dict[str, Any]:
    """What stands above an item: its kind, its rapporteur, its note, and why it left the agenda."""
    item = AgendaItemPage.objects.select_related("rapporteur").filter(pk=page_id).first()
    if item is None:
        return {"kind": "", "rapporteur": "", "note": "", "closed": False, "left": "", "leave_url": ""}
    viewer = _viewer(context)
    frozen = of_item(item)
    shown = item if frozen or item.live else item.get_latest_revision_as_object()
    place = AgendaPlace.objects.filter(item=item.pk).exclude(state=PlaceState.ON).order_by("-pk").first()
    here = place is not None and place.sitting_id == item.get_parent().pk
    orders = not viewer.looker and abilities(viewer, item.get_parent())["edit"]
    return {
        "kind": frozen.kind if frozen else str(shown.get_item_kind_display()),
        "rapporteur": frozen.rapporteur if frozen else str(shown.rapporteur or ""),
        "note": frozen.note if frozen else shown.note,
        "closed": shown.behind_closed_doors,
        "left": f"{PlaceState(place.state).label} : {place.reason}" if place and here else "",
        "leave_url": f"/p/{item.pk}/quitter/"
        if orders and not here and stage_of(item.get_parent()) in BEFORE_STATES
        else "",
    }


NO_SIDE: dict[str, Any] = {
    "questions": [],
    "ask_url": "",
    "withdrawal": "",
    "declare_url": "",
    "back_url": "",
    "apart": [],
}


@register.simple_tag(takes_context=True)
def members_side_of(context: Any, page_id: int) -> dict[str, Any]:
    """Below an item: the questions that the person reads, and what he may ask or say; who takes no part, for who manages."""
    viewer = _viewer(context)
    item = AgendaItemPage.objects.select_related("rapporteur").filter(pk=page_id).first()
    sitting = questions.sitting_of(item) if item and viewer.signed_in and not viewer.looker else None
    if item is None or sitting is None:
        return NO_SIDE
    mandate = convening.own(sitting, viewer.user)
    found = {"questions": questions.lines(viewer, item, sitting)}
    if abilities(viewer, sitting)["publish"]:
        found["apart"] = withdrawals.lines(sitting, item)
    if mandate is None:
        return NO_SIDE | found
    own, to_come = withdrawals.of_member(item, mandate), sitting.starts_at > timezone.now()
    return NO_SIDE | found | {
        "ask_url": f"/p/{item.pk}/questions/" if to_come else "",
        "withdrawal": str(Ground(own.ground).label).lower() if own else "",
        "declare_url": f"/p/{item.pk}/sans-moi/" if to_come and own is None else "",
        "back_url": f"/p/{item.pk}/sans-moi/fin/" if to_come and own else "",
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def council_about(context: Any, page_id: int) -> dict[str, Any]:
    """On a project's page: what the council has of it, and the way to propose."""
    viewer = _viewer(context)
    node = viewer.tree.nodes.get(page_id)
    if node is None or not viewer.signed_in or not viewer.can_view(node):
        return {"rows": [], "propose_url": "", "acts": []}
    may_propose = not viewer.looker and viewer.can_edit(node) and Instance.objects.filter(outside=False).exists()
    return {
        "rows": items.about(viewer, page_id),
        "propose_url": f"/p/{page_id}/proposer/" if may_propose else "",
        "acts": follow_up.about_page(viewer, page_id),
    }


@register.simple_tag(takes_context=True)
def acts_of(context: Any, page_id: int) -> dict[str, Any]:
    """On a sitting's page: the report of the maire's decisions, for who reads them; its acts, for who keeps them."""
    sitting = SittingPage.objects.select_related("instance").filter(pk=page_id).first()
    viewer = _viewer(context)
    if sitting is None or not viewer.signed_in:
        return {"report": "", "rows": []}
    doors = council_doors(context)
    report = typography.count(reported_to(sitting, viewer).count(), "décision") if doors["decisions"] else ""
    return {"report": report, "rows": acts_of_sitting(viewer, sitting)}


@register.simple_tag
def public_paper_of(page_id: int, paper: str) -> dict[str, str]:
    """Since when a paper of a sitting is online, and where; asked by its own screens, for who makes it."""
    found = online().filter(sitting=page_id, paper=paper).first()
    return (
        {"on": typography.day(timezone.localtime(found.at)), "url": found.address} if found else {"on": "", "url": ""}
    )


@register.simple_tag(takes_context=True)
def council_doors(context: Any) -> dict[str, bool]:
    """What the council's own page leads to: the acts for who keeps some, the decisions for who keeps them or sits there."""
    viewer = _viewer(context)
    keeps = kept_by(viewer).exists()
    return {"acts": keeps, "decisions": keeps or seats_of(viewer.user).exists()}
