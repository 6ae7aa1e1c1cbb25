"""Deeds of a pouvoir: choose a holder, confirm by a code, note a paper, take it back; and what follows a convocation."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, stage_of
from council.convening import operations as convocations
from council.convening.models import Answer, KeptPaper
from council.members.models import Mandate
from council.pouvoirs import queries, rules
from council.pouvoirs.models import Pouvoir, PouvoirCode, ServedSitting
from kb import permissions
from kb.buttons import operations as codes
from kb.notices import operations as notices
from kb.pages import tree
from kb.people.account import User
from kb.refusals import Refused
from kb.sharing.queries import who_answers
from kb.typography import day

MOST_FOR_ILLNESS = 12  # sittings: after that, a new document


# On the screen: two taps, then six digits.


@transaction.atomic
def choose(*, sitting: SittingPage, holder: Mandate, sittings: int, by: User) -> PouvoirCode:
    """« Je donne pouvoir à… » : what was chosen waits for the six digits sent to the giver's mailbox.

    Raises PermissionDenied, Refused.
    """
    giver = _giver(sitting, by)
    _check(sitting, giver=giver, holder=holder, sittings=sittings)
    if not by.email:
        raise Refused("Votre compte n’a pas d’adresse e-mail : remettez un pouvoir sur papier à la mairie.")
    if not codes.may_be_sent(PouvoirCode.objects.filter(person=by)):
        raise Refused(
            "Trois codes vous ont été envoyés en un quart d’heure : tapez le dernier reçu, ou revenez plus tard."
        )
    code = PouvoirCode.objects.create(person=by, sitting=sitting, holder=holder, sittings=sittings)
    notices.write(kind="pouvoir_code", to=by, page=sitting, code=code.pk)
    return code


@transaction.atomic
def confirm(*, sitting: SittingPage, digits: str, by: User) -> Pouvoir | None:
    """The six digits make the pouvoir; None where they are not the newest code's, or it works no more.

    All is asked again: the holder may have been taken meanwhile. Raises PermissionDenied, Refused.
    """
    tree.one_writer()
    giver = _giver(sitting, by)
    mine = PouvoirCode.objects.select_for_update().filter(person=by, sitting=sitting).order_by("-pk")
    code = mine.first()
    if code is None or not codes.is_right(code=code, digits=digits):
        return None
    pouvoir = Pouvoir(
        sitting=sitting,
        giver=giver,
        holder=code.holder,
        sittings=code.sittings,
        given_on=timezone.localdate(),
        noted_by=by,
    )
    made = _begin(pouvoir, by=by)
    convocations.answer(sitting=sitting, answer=Answer.ABSENT, by=by)  # who is represented is not coming
    return made


def _giver(sitting: SittingPage, by: User) -> Mandate:
    mandate = queries.own(sitting, by) if permissions.can_view(by, sitting) else None
    if mandate is None:
        raise PermissionDenied("Seuls les membres convoqués à cette séance donnent pouvoir.")
    return mandate


# From a paper.


@transaction.atomic
def note_paper(
    *,
    sitting: SittingPage,
    giver: Mandate,
    holder: Mandate,
    sittings: int,
    illness: str,
    given_on: date,
    paper: KeptPaper,
    by: User,
) -> Pouvoir:
    """A pouvoir written on paper, entered by the secretariat with its scan (unsaved). Raises PermissionDenied, Refused."""
    tree.one_writer()
    _require_manager(by, sitting)
    if stage_of(sitting) == SittingState.PREPARATION:
        raise Refused("La séance n’est pas convoquée : un pouvoir nomme une séance convoquée.")
    if not queries.to_convene(sitting).filter(pk=giver.pk).exists():
        raise Refused(f"{giver} n’est pas en fonction dans « {sitting.instance} » : choisissez un membre du tableau.")
    if given_on > timezone.localdate():
        raise Refused(f"Le {day(given_on)} n’est pas encore passé : donnez la date écrite sur le pouvoir.")
    if sittings > MOST_FOR_ILLNESS:
        raise Refused(f"Même en cas de maladie, au-delà de {MOST_FOR_ILLNESS} séances demandez un nouveau pouvoir.")
    _check(sitting, giver=giver, holder=holder, sittings=sittings, illness=illness)
    paper.save()
    pouvoir = Pouvoir(
        sitting=sitting,
        giver=giver,
        holder=holder,
        sittings=sittings,
        illness=illness,
        given_on=given_on,
        noted_by=by,
        on_paper=True,
        paper=paper,
    )
    return _begin(pouvoir, by=by)


def _require_manager(by: User, sitting: SittingPage) -> None:
    if not permissions.abilities(by, sitting)["publish"]:
        raise PermissionDenied(f"Vous ne pouvez pas tenir les pouvoirs de « {sitting.title} ».")


# What both ask and do.


def _check(sitting: SittingPage, *, giver: Mandate, holder: Mandate, sittings: int, illness: str = "") -> None:
    if queries.has_begun(sitting):
        raise Refused(
            "La séance a commencé : le pouvoir se remet sur papier au président de séance, qui le fait noter au procès-verbal."
        )
    rules.check_length(sittings=sittings, rule=queries.rule_of(sitting), illness=illness)
    already = queries.given_by(sitting, giver)
    if already:
        raise Refused(f"{giver} a déjà donné pouvoir à {already.holder} : retirez d’abord ce pouvoir.")
    why = queries.why_not(sitting, giver=giver, holder=holder)
    if why:
        raise Refused(f"{why} Choisissez un autre membre.")


def _begin(pouvoir: Pouvoir, *, by: User) -> Pouvoir:
    _check(
        pouvoir.sitting, giver=pouvoir.giver, holder=pouvoir.holder, sittings=pouvoir.sittings, illness=pouvoir.illness
    )
    pouvoir.save()
    served = _serve(pouvoir, pouvoir.sitting, 1)
    data = {"giver": str(pouvoir.giver), "holder": str(pouvoir.holder), "on_paper": pouvoir.on_paper}
    log(pouvoir.sitting, "council.pouvoir.give", user=by, data=data)
    _tell("pouvoir_given", served, by=by)
    return pouvoir


def _serve(pouvoir: Pouvoir, sitting: SittingPage, rank: int) -> ServedSitting:
    return ServedSitting.objects.create(
        pouvoir=pouvoir, sitting=sitting, rank=rank, giver=pouvoir.giver, holder=pouvoir.holder
    )


def _tell(kind: str, served: ServedSitting, *, by: User | None, also: Iterable[Mandate] = ()) -> None:
    """The holder and who presides, at once: a pouvoir learnt too late is a vote lost. Never who did it himself.

    Who manages the sitting is told as he chose to be, and once where he is one of them too: by his digest of a pouvoir
    that is given, which asks nothing of him.
    """
    concerned = {one.account for one in (served.holder, *queries.presidents(served.sitting), *also) if one.account}
    told = concerned | set(who_answers(served.sitting))
    for person in sorted(told - {by}, key=lambda one: int(one.pk)):
        notices.tell(
            kind=kind,
            to=person,
            page=served.sitting,
            by=by,
            always=person in concerned,
            asks=kind == "pouvoir_revoked",
            served=served.pk,
            giver=str(served.giver),
            holder=str(served.holder),
        )


# Taking it back.


@transaction.atomic
def revoke(*, sitting: SittingPage, by: User) -> Pouvoir:
    """The giver takes his pouvoir back, at any time (L2121-20). Raises PermissionDenied, Refused."""
    tree.one_writer()
    giver = _giver(sitting, by)
    served = queries.given_by(sitting, giver)
    if served is None:
        raise Refused("Vous n’avez pas de pouvoir en cours pour cette séance : il n’y a rien à retirer.")
    return _end(served, by=by, how="")


@transaction.atomic
def note_revocation(*, served: ServedSitting, how: str, by: User) -> Pouvoir:
    """Taken back by a letter, or by word of mouth. Raises PermissionDenied, Refused."""
    tree.one_writer()
    served = ServedSitting.objects.get(pk=served.pk)
    _require_manager(by, served.sitting)
    if served.ended_at:
        raise Refused("Ce pouvoir est déjà retiré : rouvrez la liste des pouvoirs.")
    if not how.strip():
        raise Refused("Écrivez comment il a été retiré : « lettre reçue le 6 octobre, classeur du conseil ».")
    return _end(served, by=by, how=how.strip())


def _end(served: ServedSitting, *, by: User | None, how: str) -> Pouvoir:
    """The whole document ends: for this sitting and those to come; what it served stays."""
    pouvoir, now = Pouvoir.objects.get(pk=served.pouvoir_id), timezone.now()
    pouvoir.revoked_at, pouvoir.revoked_by, pouvoir.revoked_how = now, by, how
    pouvoir.save(update_fields=["revoked_at", "revoked_by", "revoked_how"])
    ServedSitting.objects.filter(pouvoir=pouvoir, ended_at=None, sitting__record__state=SittingState.CONVENED).update(
        ended_at=now
    )
    log(
        served.sitting,
        "council.pouvoir.revoke",
        user=by,
        data={"giver": str(served.giver), "holder": str(served.holder), "how": how},
    )
    _tell("pouvoir_revoked", served, by=by, also=(served.giver,))
    return pouvoir


# The next sittings.


@transaction.atomic
def carry_over(*, sitting: SittingPage) -> None:
    """As a sitting is convened: the pouvoirs of the one before serve it too while they may, or lapse and say so.

    Doing it twice changes nothing.
    """
    before = queries.previous(sitting)
    if before is None:
        return
    try:
        rule = queries.rule_of(sitting)
    except Refused:
        return
    for served in queries.standing(before):
        _carry_one(served, sitting, rule)


def _carry_one(served: ServedSitting, sitting: SittingPage, rule: rules.Rule) -> None:
    pouvoir = served.pouvoir
    # Where sittings are not convened in the order of their days, what it serves already counts too.
    rank = max(served.rank, pouvoir.served.count()) + 1
    if pouvoir.sittings == 1 or sitting.pouvoirs.filter(pouvoir=pouvoir).exists():
        return
    may = rules.serves(rank, sittings=pouvoir.sittings, rule=rule, illness=pouvoir.illness)
    free = not queries.why_not(sitting, giver=pouvoir.giver, holder=pouvoir.holder)
    in_office = queries.to_convene(sitting).filter(pk=pouvoir.giver_id).exists()
    if may and free and in_office and queries.given_by(sitting, pouvoir.giver) is None:
        _serve(pouvoir, sitting, rank)
        return
    if in_office and served.giver.account:
        known: dict[str, Any] = {"served": served.pk, "giver": str(served.giver), "holder": str(served.holder)}
        if not served.giver.account.notices.filter(kind="pouvoir_lapsed", page=sitting.pk, data=known).exists():
            notices.tell(kind="pouvoir_lapsed", to=served.giver.account, page=sitting, always=True, **known)


@transaction.atomic
def end_of_past_mandates() -> None:
    """Who left the council gives and holds nothing at the sittings to come; the other is told. Twice changes nothing."""
    today = timezone.localdate()
    left = Q(giver__until__lte=today) | Q(holder__until__lte=today)
    to_come = ServedSitting.objects.filter(left, ended_at=None, sitting__starts_at__gt=timezone.now())
    for served in to_come.select_related("sitting", "giver__account", "holder__account"):
        gone = served.giver if served.giver.until and served.giver.until <= today else served.holder
        _end(served, by=None, how=f"Le mandat de {gone} a pris fin.")
