"""Reads of pouvoirs: whom a member may give his to, what he gave and holds, what the secretariat follows."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from council.agenda.models import SittingPage, SittingRecord
from council.agenda.queries import meeting_day
from council.convening.queries import own, presides, signs_for, to_convene
from council.members.models import Mandate
from council.pouvoirs import rules
from council.pouvoirs.models import Pouvoir, ServedSitting
from council.pouvoirs.rules import Candidate
from council.rules import Rule
from kb.permissions import Viewer, abilities
from kb.refusals import Refused
from kb.typography import count, day, moment

Row = dict[str, Any]


def rule_of(sitting: SittingPage) -> Rule:
    """How many sittings a document serves in this instance on that day. Raises Refused where it is not known."""
    on = meeting_day(sitting)
    law = sitting.instance.in_law(on)
    rule = law.rule("pouvoir_sittings", on) if law else None
    if rule is None:
        raise Refused(rules.asked(sitting.instance.name))
    return rule


def standing(sitting: SittingPage) -> QuerySet[ServedSitting]:
    """The pouvoirs that stand for this sitting, in the order of the table."""
    return sitting.pouvoirs.filter(ended_at=None).select_related(
        "pouvoir__noted_by", "giver__account", "holder__account"
    )


def given_by(sitting: SittingPage, mandate: Mandate) -> ServedSitting | None:
    """What this member gave for this sitting."""
    return standing(sitting).filter(giver=mandate).first()


def held_by(sitting: SittingPage, mandate: Mandate) -> ServedSitting | None:
    """What this member holds for this sitting."""
    return standing(sitting).filter(holder=mandate).first()


def candidates(sitting: SittingPage, giver: Mandate) -> list[Row]:
    """Every other member in office, and beside each why he cannot hold this pouvoir. Two queries."""
    pairs = list(standing(sitting).values_list("giver", "holder"))
    gave, hold = {giver for giver, _ in pairs}, {holder for _, holder in pairs}
    return [
        {
            "id": one.pk,
            "name": str(one),
            "office": one.office,
            "why_not": rules.why_not(Candidate(holds_one=one.pk in hold, gave_one=one.pk in gave)),
        }
        for one in to_convene(sitting)
        if one.pk != giver.pk
    ]


def why_not(sitting: SittingPage, *, giver: Mandate, holder: Mandate) -> str:
    """The same for one member, as the deed asks it."""
    if not to_convene(sitting).filter(pk=holder.pk).exists():
        return f"{holder} n’est pas en fonction dans « {sitting.instance} »."
    found = Candidate(
        is_giver=giver.pk == holder.pk,
        holds_one=held_by(sitting, holder) is not None,
        gave_one=given_by(sitting, holder) is not None,
    )
    said = rules.why_not(found)
    return f"{holder} : {said[0].lower()}{said[1:]}" if said else ""


def lengths(rule: Rule) -> list[tuple[int, str]]:
    """What may be chosen on the screen."""
    words = {1: "Pour cette séance seulement", 2: "Pour cette séance et la suivante"}
    most = rule.value if isinstance(rule.value, int) else 1
    return [
        (number, words.get(number, f"Pour cette séance et les {number - 1} suivantes")) for number in range(1, most + 1)
    ]


def follows(viewer: Viewer, sitting: SittingPage) -> bool:
    """Whether the person sees all the pouvoirs of a sitting: who manages it, and who presides."""
    if viewer.looker or not viewer.signed_in:
        return False
    return abilities(viewer, sitting)["publish"] or signs_for(sitting, viewer.user) is not None


def may_have_paper(viewer: Viewer, served: ServedSitting) -> bool:
    """Whose paper it is: giver, holder, who follows them all."""
    if follows(viewer, served.sitting):
        return True
    mandate = own(served.sitting, viewer.user)
    return not viewer.looker and mandate is not None and mandate.pk in {served.giver_id, served.holder_id}


def presidents(sitting: SittingPage) -> list[Mandate]:
    """Who presides, and has an account to be told on."""
    return [one for one in to_convene(sitting) if presides(one) and one.account is not None]


def lines(sitting: SittingPage) -> list[Row]:
    """For who follows: every pouvoir of the sitting, those taken back too. One query."""
    rows = sitting.pouvoirs.select_related("pouvoir__noted_by", "pouvoir__sitting", "giver", "holder")
    return [
        {
            "id": one.pouvoir_id,
            "giver": str(one.giver),
            "holder": str(one.holder),
            "given": day(one.pouvoir.given_on),
            "how": how(one),
            "ended": ended(one.pouvoir) if one.ended_at else "",
        }
        for one in rows
    ]


def how(served: ServedSitting) -> str:
    """« Donné à l’écran », and which of its sittings this is."""
    pouvoir = served.pouvoir
    way = f"Sur papier, noté par {pouvoir.noted_by}" if pouvoir.on_paper else "Donné à l’écran, confirmé par un code"
    most = f", {served.rank}e séance sur {pouvoir.sittings}" if pouvoir.sittings > 1 and served.rank > 1 else ""
    if pouvoir.sittings > 1 and served.rank == 1:
        most = f", pour {count(pouvoir.sittings, 'séance')} de suite au plus"
    return way + most + (f" (maladie : {pouvoir.illness})" if pouvoir.illness else "")


def ended(pouvoir: Pouvoir) -> str:
    """« Retiré le 6 octobre 2026 à 16 h 12 »."""
    where = f" : {pouvoir.revoked_how}" if pouvoir.revoked_how else ""
    return f"Retiré le {moment(pouvoir.revoked_at)}{where}" if pouvoir.revoked_at else ""


def has_begun(sitting: SittingPage) -> bool:
    """Whether the hour of the sitting has come."""
    return sitting.starts_at <= timezone.now()


def previous(sitting: SittingPage) -> SittingPage | None:
    """The convened sitting of the same instance just before this one: what « consecutive » is counted from."""
    before = SittingRecord.objects.exclude(sent_on=None).filter(
        page__instance=sitting.instance_id, page__starts_at__lt=sitting.starts_at
    )
    record = before.select_related("page").order_by("-page__starts_at").first()
    return record.page if record else None
