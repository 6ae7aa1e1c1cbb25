"""The council's table: who sits, under which rules; members come and go."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from council.convening.models import Sending
from council.convening.queries import sendings
from council.members import operations, queries
from council.members.forms import DelegationForm, DepartureForm, EndForm, InstanceForm, MemberForm, OutsideForm
from council.members.models import Delegation, Instance, Mandate, WhyEnded
from council.rules import COMMUNES, Rule, thresholds_crossed
from council.rules import Instance as Law
from council.screens import COUNCIL, done, form_screen
from kb import permissions
from kb.pages.frame import frame_for
from kb.pages.views import signed_in, small_number
from kb.permissions import viewer_of
from kb.typography import day, number

ON_SCREEN = {
    "clear_days": "Jours francs avant une séance",
    "urgent_clear_days": "Jours francs, en urgence",
    "note": "Note de synthèse avec la convocation",
    "members": "Membres du conseil",
    "pouvoir_sittings": "Séances de suite que sert un pouvoir",
    "internal_rules_months": "Règlement intérieur, mois pour l’adopter",
}

ANSWERED = ("clear_days", "pouvoir_sittings")  # what a town may answer where no row of the law does
NONE_AT_ZERO = frozenset({"pouvoir_sittings"})  # elsewhere a row without a figure says that the law asks it
SENT = {Sending.MAIL: "", Sending.DOSSIER: "Dossier en PDF dans le courriel", Sending.PAPER: "Convoqué sur papier"}


def _knows(request: HttpRequest) -> None:
    """Whoever reads the town's page reads the table of its council."""
    viewer = viewer_of(request)
    if viewer.tree.home is None or not viewer.can_view(viewer.tree.home):
        raise Http404


def manages(request: HttpRequest) -> Any:
    """The person, who keeps the table. Raises Http404, Denied."""
    _knows(request)
    person = viewer_of(request).user
    if viewer_of(request).looker or not operations.may_manage(person):
        raise permissions.Denied("Seuls les responsables de la commune tiennent le tableau du conseil.")
    return person


@require_GET
@signed_in
def council(request: HttpRequest) -> HttpResponse:
    """Each instance: its population, the rules that follow, its members in the order of the table."""
    _knows(request)
    context = {
        "frame": frame_for(request, "Le conseil municipal"),
        "instances": [_instance(one) for one in Instance.objects.filter(outside=False)],
        "outside": [_outside(one) for one in Instance.objects.filter(outside=True)],
        "manages": not viewer_of(request).looker and operations.may_manage(viewer_of(request).user),
    }
    return render(request, "council/members/council.html", context)


def _instance(one: Instance) -> dict[str, Any]:
    today = timezone.localdate()
    frozen, law = one.population(today), one.in_law(today)
    members = list(queries.in_office(one, today))
    return {
        "id": one.pk,
        "name": one.name,
        "population": f"{number(frozen.inhabitants)} habitants, renouvellement du {day(frozen.since)}"
        if frozen
        else "",
        "rules": [_rule(title, code, law, today) for code, title in _asked_of(one).items()] if law else [],
        "announced": _announced(one, law) if law else "",
        "decides": one.body != "commission",
        "members": _members(one, members, today),
        "waiting": [_member(mandate) for mandate in queries.waiting(one)],
        "quorum": _quorum(one, len(members), today) if members else "",
    }


def _announced(one: Instance, law: Law) -> str:
    """What the population noted for the next renewal will change; nothing where none is noted."""
    following = one.populations.filter(since__gt=timezone.localdate()).order_by("since").first()
    if following is None:
        return ""
    crossed = thresholds_crossed(law, following.inhabitants, following.since)
    changes = [_change(code, now, then) for code, now, then in crossed if code in _asked_of(one)]
    said = " ; ".join(changes) if changes else "aucune de ces règles ne change"
    return f"Au renouvellement du {day(following.since)}, avec {number(following.inhabitants)} habitants : {said}."


def _change(code: str, now: Rule | None, then: Rule | None) -> str:
    """« jours francs avant une séance, 3 puis 5 (L2121-12) »."""
    title = ON_SCREEN[code][0].lower() + ON_SCREEN[code][1:]
    before, after = (str(row.value or "oui") if row else "non" for row in (now, then))
    return f"{title}, {before} puis {after}" + (f" ({then.article})" if then else "")


def _asked_of(one: Instance) -> dict[str, str]:
    """A commission gives advice: of the rules of a council, only what its town may have decided for it bears on it."""
    if one.body != "commission":
        return ON_SCREEN
    return {code: title for code, title in ON_SCREEN.items() if code in ANSWERED}


def _quorum(one: Instance, members: int, today: date) -> str:
    needed, rule = queries.quorum(one, members, today), queries.quorum_rule(one, today)
    article = f" ({rule.article})" if rule and one.own_quorum else ""
    if needed is None:
        return f"{members} en exercice. {queries.without_quorum(one)}{article}."
    return f"{members} en exercice : le quorum est de {needed} présents{article}."


def _outside(one: Instance) -> dict[str, Any]:
    """An instance that others convene: who sits there for the commune."""
    today = timezone.localdate()
    return {
        "id": one.pk,
        "name": one.name,
        "place": one.place,
        "members": _members(one, list(queries.in_office(one, today)), today),
    }


def _members(one: Instance, members: list[Mandate], today: date) -> list[dict[str, Any]]:
    given, sent = queries.delegations(one, today), sendings(members)
    return [
        {
            **_member(mandate),
            "sent": SENT[sent[mandate.pk]],
            "delegations": [_delegation(row) for row in given.get(mandate.pk, [])],
        }
        for mandate in members
    ]


def _delegation(row: Delegation) -> dict[str, Any]:
    """« urbanisme et voirie, depuis le 2 avril 2026, jusqu’au… (arrêté n° 12) »."""
    until = f", jusqu’au {day(row.until)}" if row.until else ""
    act = f" (arrêté {row.act})" if row.act else ""
    return {"id": row.pk, "words": f"{row.words}, depuis le {day(row.since)}{until}{act}"}


def _rule(title: str, code: str, law: Law, today: date) -> dict[str, str]:
    """A figure with its article; « non » where the law asks nothing, « à demander » where it is not known."""
    row, written = law.rule(code, today), law.written(code, today)
    if row is None:
        unknown = written is not None or law.body not in COMMUNES or code == "members"
        return {"title": title, "value": "à demander" if unknown else "non", "article": ""}
    without_figure = "non" if code in NONE_AT_ZERO else "oui"
    return {"title": title, "value": str(row.value) if row.value else without_figure, "article": row.article}


def _member(mandate: Mandate) -> dict[str, Any]:
    return {
        "id": mandate.pk,
        "name": str(mandate),
        "office": mandate.office,
        "list": f"{mandate.list_name}, {mandate.list_rank}" if mandate.list_rank else mandate.list_name,
        "since": day(mandate.since) if mandate.since else "",
    }


@require_http_methods(["GET", "POST"])
@signed_in
def settle(request: HttpRequest) -> HttpResponse:
    """Which council this is, and the population that rules it (`?instance=<id>`; a new one without)."""
    person = manages(request)
    asked = request.GET.get("instance", "")
    known = get_object_or_404(Instance, pk=small_number(asked), outside=False) if asked.isdecimal() else None
    first = {} if Instance.objects.filter(outside=False).exists() else {"name": "Conseil municipal"}
    form = InstanceForm(request.POST or None, viewer=viewer_of(request), instance=known, initial=first)
    if request.method == "POST" and form.is_valid():
        deed = partial(
            operations.settle_instance,
            instance=form.instance,
            inhabitants=form.cleaned_data["inhabitants"],
            since=form.cleaned_data["since"],
            by=person,
        )
        if done(form, deed, field="inhabitants"):
            messages.success(request, f"Les règles de « {form.instance} » sont à jour.")
            return redirect("council")
    return form_screen(request, form, title="Réglages du conseil", submit="Enregistrer les réglages", back=COUNCIL)


@require_http_methods(["GET", "POST"])
@signed_in
def outside(request: HttpRequest) -> HttpResponse:
    """An instance that others convene (`?instance=<id>`; a new one without)."""
    person = manages(request)
    asked = request.GET.get("instance", "")
    known = get_object_or_404(Instance, pk=small_number(asked), outside=True) if asked.isdecimal() else None
    form = OutsideForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        operations.note_outside(instance=form.instance, by=person)
        messages.success(request, f"« {form.instance} » est notée : ajoutez qui y siège, puis créez ses réunions.")
        return redirect("council")
    lede = "Elle convoque elle-même : ses réunions et leurs papiers se montrent ici, aucune échéance ne se calcule."
    return form_screen(request, form, title="Instance extérieure", submit="Enregistrer", back=COUNCIL, lede=lede)


@require_http_methods(["GET", "POST"])
@signed_in
def delegate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """« Noter une délégation »."""
    person = manages(request)
    mandate = get_object_or_404(Mandate, pk=mandate_id, since__isnull=False, until__isnull=True)
    form = DelegationForm(request.POST or None, instance=Delegation(mandate=mandate))
    posted = request.method == "POST" and form.is_valid()
    if posted and done(form, lambda: operations.delegate(delegation=form.instance, by=person), field="since"):
        messages.success(request, f"La délégation de {mandate} est au tableau.")
        return redirect("council")
    title = f"Délégation : {mandate}"
    return form_screen(request, form, title=title, submit="Noter la délégation", back=COUNCIL, lede="Art. L2122-18.")


@require_http_methods(["GET", "POST"])
@signed_in
def end_delegation(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """« Mettre fin à une délégation »."""
    person = manages(request)
    delegation = get_object_or_404(Delegation.objects.select_related("mandate"), pk=delegation_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        if done(form, lambda: operations.end_delegation(delegation=delegation, on=on, by=person), field="on"):
            messages.success(request, f"La délégation de {delegation.mandate} a sa fin.")
            return redirect("council")
    title, lede = f"Fin de délégation : {delegation.mandate}", f"{delegation.words}."
    return form_screen(request, form, title=title, submit="Noter la fin", back=COUNCIL, lede=lede)


@require_http_methods(["GET", "POST"])
@signed_in
def add_member(request: HttpRequest, instance_id: int) -> HttpResponse:
    """Somebody elected joins the table, or waits on a list."""
    person = manages(request)
    instance = get_object_or_404(Instance, pk=instance_id)
    form = MemberForm(request.POST or None, viewer=viewer_of(request), instance=Mandate(instance=instance))
    if request.method == "POST" and form.is_valid():
        mandate = operations.add_member(mandate=form.instance, by=person)
        messages.success(request, f"{mandate} est au tableau de « {instance} ».")
        return redirect("council")
    title = f"Ajouter un membre : {instance}"
    return form_screen(request, form, title=title, submit="Ajouter au tableau", back=COUNCIL)


@require_http_methods(["GET", "POST"])
@signed_in
def departure(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """A member resigns or dies; the next of the list is proposed."""
    person = manages(request)
    mandate = get_object_or_404(Mandate, pk=mandate_id, since__isnull=False, until__isnull=True)
    successor = queries.next_of_list(mandate)
    form = DepartureForm(request.POST or None, successor=successor)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        deed = partial(
            operations.end_mandate,
            mandate=mandate,
            on=told["on"],
            why=WhyEnded(told["why"]),
            letter=told["letter"],
            successor=successor if told.get("seat_next") else None,
            by=person,
        )
        if done(form, deed, field="on"):
            messages.success(request, f"Le départ de {mandate} est noté au {day(told['on'])}.")
            return redirect("council")
    lede = "" if successor else "Aucun suivant n’est connu sur sa liste : ajoutez-le d’abord s’il y en a un."
    return form_screen(request, form, title=f"Départ de {mandate}", submit="Noter le départ", back=COUNCIL, lede=lede)
