"""Deeds of a convocation: sign, send, note a delivery, acknowledge, answer. Each asks the right, changes, logs, tells."""

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from council.agenda import operations as agenda
from council.agenda import urgency
from council.agenda.enums import Channel, PlaceState, SittingState
from council.agenda.models import SittingPage, stage_of
from council.agenda.queries import meeting_day, placed
from council.convening import queries
from council.convening.models import Answer, Convocation, Handed, KeptPaper, Sending, SendingChoice, Signature, Way
from council.members import operations as members
from council.members.models import Mandate
from kb import permissions
from kb.buttons import operations as buttons
from kb.buttons.models import PersonalButton
from kb.exchange import pdf
from kb.notices import operations as notices
from kb.pages import tree
from kb.people.account import User
from kb.permissions import Viewer
from kb.refusals import Refused
from kb.typography import day

Sent = TypeVar("Sent", bound=Handed)
SENT_FROM_HERE = "Envoyée depuis le site : le fichier de preuve de la séance en dit chaque remise."


def require_manager(by: User, sitting: SittingPage, verb: str) -> None:
    if not permissions.abilities(by, sitting)["publish"]:
        raise PermissionDenied(f"Vous ne pouvez pas {verb} « {sitting.title} ».")


# The signature: nothing leaves before.


@transaction.atomic
def sign(*, sitting: SittingPage, by: User) -> Signature:
    """« Arrêter l’ordre du jour et signer », by who presides. Raises PermissionDenied, Refused."""
    tree.one_writer()
    sitting = SittingPage.objects.get(pk=sitting.pk)
    mandate = queries.signs_for(sitting, by)
    if mandate is None or not permissions.abilities(by, sitting)["view"]:
        raise PermissionDenied("Seul le maire, ou qui préside cette instance, arrête l’ordre du jour et signe.")
    return _signed(sitting, mandate, timezone.localdate(), by=by, proof="")


@transaction.atomic
def record_signature(*, sitting: SittingPage, mandate: Mandate, signed_on: date, proof: str, by: User) -> Signature:
    """A signature given on paper, by the maire or who stands in (L2122-17). Raises PermissionDenied, Refused."""
    tree.one_writer()
    sitting = SittingPage.objects.get(pk=sitting.pk)
    require_manager(by, sitting, "faire signer")
    check_on_paper(sitting, mandate, signed_on, proof)
    return _signed(sitting, mandate, signed_on, by=by, proof=proof.strip())


def check_on_paper(sitting: SittingPage, mandate: Mandate, signed_on: date, proof: str) -> None:
    """Whether a signature given on paper may be noted. Raises Refused."""
    if not proof.strip():
        raise Refused("Une signature sur papier se retrouve : écrivez où est la feuille signée.")
    if signed_on > timezone.localdate():
        raise Refused(f"Le {day(signed_on)} n’est pas encore passé : notez la signature une fois donnée.")
    if not queries.to_convene(sitting).filter(pk=mandate.pk).exists():
        raise Refused(f"{mandate} n’est pas en fonction : choisissez un membre du tableau.")


def _signed(sitting: SittingPage, mandate: Mandate, on: date, *, by: User, proof: str) -> Signature:
    _in_preparation(sitting)
    if not any(row.state == PlaceState.ON for row in placed(sitting)):
        raise Refused("L’ordre du jour est vide : inscrivez au moins un point, puis signez.")
    urgency.require_constat(sitting)
    signature = Signature.objects.create(
        sitting=sitting,
        mandate=mandate,
        quality=mandate.office or "Membre",
        signed_on=on,
        on_screen=not proof,
        proof=proof,
        agenda_hash=queries.agenda_hash(sitting),
        by=by,
    )
    log(sitting, "council.agenda.sign", user=by, data={"by": str(mandate), "on": on.isoformat(), "proof": proof})
    return signature


def _in_preparation(sitting: SittingPage) -> None:
    if stage_of(sitting) != SittingState.PREPARATION:
        raise Refused(f"« {sitting.title} » est déjà convoquée : ouvrez sa page pour voir les convocations.")


# The sending.


@transaction.atomic
def send(*, sitting: SittingPage, by: User) -> list[Convocation]:
    """« Envoyer la convocation » : the dossier is frozen and opened, each councillor in office has his mail or his paper.

    All of it or nothing. Refused outside the delay, before the signature, and where a note is missing.
    """
    tree.one_writer()
    sitting = SittingPage.objects.select_related("instance").get(pk=sitting.pk)
    require_manager(by, sitting, "convoquer")
    _in_preparation(sitting)
    _check_signed(sitting)
    mandates = list(queries.to_convene(sitting))
    if not mandates:
        raise Refused(f"Aucun membre de « {sitting.instance} » n’est en fonction : complétez le tableau du conseil.")
    if not pdf.is_available():
        raise Refused(
            "La convocation part en PDF, et la bibliothèque Pango manque à ce serveur : installez-la, ou envoyez la "
            "convocation par vos moyens habituels et notez-la ici."
        )
    agenda.record_convocation(
        sitting=sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof=SENT_FROM_HERE, by=by
    )
    check_readers(sitting, mandates)
    return convoke_each(sitting=sitting, mandates=mandates, by=by)


def _check_signed(sitting: SittingPage) -> None:
    if queries.last_signature(sitting) is None:
        raise Refused(
            "L’ordre du jour n’est pas signé : demandez au maire de l’arrêter et de signer, rien ne part avant."
        )
    if not queries.is_signed(sitting):
        raise Refused("L’ordre du jour ou un point a changé depuis la signature : faites-le signer de nouveau.")


def check_readers(sitting: SittingPage, mandates: list[Mandate]) -> None:
    """Every member reads the dossier at the same minute (L2121-13): a button that opens nothing is no convocation."""
    known, sendings = tree.current(), queries.sendings(mandates)
    blind = []
    for mandate in mandates:
        if sendings[mandate.pk] != Sending.PAPER:
            viewer = Viewer(mandate.account)
            viewer.__dict__["tree"] = known  # read once for all
            if not viewer.can_view(known.nodes[sitting.pk]):
                blind.append(str(mandate))
    if blind:
        raise Refused(
            f"{', '.join(blind)} ne peut pas lire la séance : donnez-en l’accès à chaque membre depuis « Accès », puis "
            "envoyez."
        )


def convoke_each(*, sitting: SittingPage, mandates: list[Mandate], by: User) -> list[Convocation]:
    """Each one's row, mail and button, in the caller's transaction; the caller has checked that they may leave."""
    sendings = queries.sendings(mandates)
    return [_convoke(sitting, mandate, sendings[mandate.pk], by) for mandate in mandates]


def _convoke(sitting: SittingPage, mandate: Mandate, sending: Sending, by: User) -> Convocation:
    convocation = Convocation(sitting=sitting, mandate=mandate, way=Way.PAPER)
    if mandate.account is not None and queries.has_mail(mandate):
        # Who asked for paper still enters: with a code, sent when he asks for it.
        convocation.button = _button(sitting, mandate, by)
    if mandate.account is not None and sending != Sending.PAPER:
        convocation.way, convocation.address = Way.MAIL, str(mandate.account.email)
        told = notices.tell(kind="convocation", to=mandate.account, page=sitting, by=by, always=True)
        convocation.mail = told.mail
    convocation.save()
    return convocation


def _button(sitting: SittingPage, mandate: Mandate, by: User) -> PersonalButton | None:
    """None for an administrator: a mail is no key to everything, his link asks for his password."""
    person = mandate.account
    if person is None or person.is_superuser:
        return None
    return buttons.give(
        person=person,
        opens=f"la séance du {day(meeting_day(sitting))} : {sitting.instance}",
        path=f"/p/{sitting.pk}/",
        by=by,
        until=queries.button_until(sitting),
    )


# After the sending.


def _again(sent: Sent) -> Sent:
    """The row, alone."""
    found: Sent = type(sent)._default_manager.select_for_update().get(pk=sent.pk)
    return found


@transaction.atomic
def note_delivery(*, convocation: Sent, on: date, how: str, by: User) -> Sent:
    """A convocation, or a change since, handed over by hand; noting it again corrects it. Raises PermissionDenied, Refused."""
    convocation = _again(convocation)
    sitting = convocation.sitting
    require_manager(by, sitting, "tenir les convocations de")
    sent_on = convocation.sent_on
    if on > timezone.localdate():
        raise Refused(f"Le {day(on)} n’est pas encore passé : notez la remise une fois faite.")
    if sent_on and on < sent_on:
        what = "La convocation" if isinstance(convocation, Convocation) else "L’envoi"
        raise Refused(f"{what} est du {day(sent_on)} : donnez ce jour-là ou un jour d’après.")
    if not how.strip():
        raise Refused("Écrivez à qui et comment : « remise à l’intéressée, récépissé signé ».")
    convocation.delivered_on, convocation.delivered_how = on, how.strip()
    convocation.delivery_noted_at, convocation.delivery_noted_by = timezone.now(), by
    convocation.save()
    data = {"to": str(convocation.mandate), "on": on.isoformat(), "how": how.strip()}
    log(sitting, "council.convocation.delivered", user=by, data=data)
    return convocation


@transaction.atomic
def note_bounce(*, convocation: Sent, on: date, why: str, by: User) -> Sent:
    """The mail came back: an alarm until it is delivered by hand. Raises PermissionDenied, Refused."""
    convocation = _again(convocation)
    require_manager(by, convocation.sitting, "tenir les convocations de")
    if convocation.mail_id is None:
        raise Refused(f"{convocation.mandate} n’a rien reçu par courriel : notez plutôt la remise.")
    if on > timezone.localdate() or on < timezone.localdate(convocation.made_at):
        raise Refused("Un courriel revient après son envoi : donnez le jour où vous l’avez vu revenir.")
    convocation.bounced_on, convocation.bounced_why = on, why.strip() or "adresse refusée"
    convocation.save(update_fields=["bounced_on", "bounced_why"])
    data = {"to": str(convocation.mandate), "on": on.isoformat(), "why": convocation.bounced_why}
    log(convocation.sitting, "council.convocation.bounced", user=by, data=data)
    return convocation


@transaction.atomic
def acknowledge(*, sitting: SittingPage, by: User) -> Convocation:
    """« J’ai bien reçu », said by the councillor himself; the first time counts. Raises PermissionDenied."""
    own = _own(sitting, by)
    if own.acknowledged_at is None:
        own.acknowledged_at = timezone.now()
        own.save(update_fields=["acknowledged_at"])
        log(sitting, "council.convocation.acknowledge", user=by)
    return own


@transaction.atomic
def answer(*, sitting: SittingPage, answer: Answer, by: User) -> Convocation:
    """Whether he will be there; the last word counts, until the sitting. Raises PermissionDenied, Refused."""
    own = _own(sitting, by)
    if sitting.starts_at < timezone.now():
        raise Refused("La séance a commencé : dites-le au président de séance.")
    own.answer, own.answered_at, own.answered_how, own.answer_noted_by = answer, timezone.now(), "", None
    own.save(update_fields=["answer", "answered_at", "answered_how", "answer_noted_by"])
    log(sitting, "council.convocation.answer", user=by, data={"answer": str(Answer(answer).label)})
    return own


@transaction.atomic
def note_answer(
    *, convocation: Convocation, answer: Answer, how: str, paper: KeptPaper | None, by: User
) -> Convocation:
    """What a councillor said on paper or on the telephone, with its scan (unsaved). Raises PermissionDenied, Refused."""
    convocation = Convocation.objects.select_for_update(of=("self",)).get(pk=convocation.pk)
    sitting = convocation.sitting
    require_manager(by, sitting, "tenir les convocations de")
    if sitting.starts_at < timezone.now():
        raise Refused("La séance a commencé : qui est là se note pendant la séance.")
    if not how.strip():
        raise Refused("Écrivez comment la réponse est venue : « au téléphone, le 6 octobre ».")
    if paper:
        paper.save()
        convocation.answer_paper = paper
    convocation.answer, convocation.answered_at = answer, timezone.now()
    convocation.answered_how, convocation.answer_noted_by = how.strip(), by
    convocation.save()
    data = {"to": str(convocation.mandate), "answer": str(Answer(answer).label), "how": how.strip()}
    log(sitting, "council.convocation.answer", user=by, data=data)
    return convocation


def _own(sitting: SittingPage, by: User) -> Convocation:
    """The person's own row; made here where the whole sitting was convened by other means."""
    mandate = queries.own(sitting, by) if permissions.can_view(by, sitting) else None
    if mandate is None:
        raise PermissionDenied("Seuls les membres convoqués à cette séance répondent ici.")
    Convocation.objects.get_or_create(sitting=sitting, mandate=mandate, defaults={"way": Way.ELSEWHERE})
    return Convocation.objects.select_for_update().get(sitting=sitting, mandate=mandate)


# How each one is sent what convenes him.


@transaction.atomic
def choose_sending(*, mandate: Mandate, sending: Sending, by: User) -> SendingChoice | None:
    """The councillor says it himself, from today on; None where it is so already. Raises PermissionDenied, Refused."""
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("account").get(pk=mandate.pk)
    if mandate.account_id != by.pk or not _is_in_office(mandate):
        raise PermissionDenied("Chaque membre choisit pour soi.")
    return _chosen(mandate, sending, timezone.localdate(), proof="", by=by)


@transaction.atomic
def note_sending(*, mandate: Mandate, sending: Sending, asked_on: date, proof: str, by: User) -> SendingChoice | None:
    """What a councillor asked for in writing, noted by who keeps the table. Raises PermissionDenied, Refused."""
    if not members.may_manage(by):
        raise PermissionDenied("Seuls les responsables de la commune notent le choix d’un membre.")
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("account").get(pk=mandate.pk)
    if not _is_in_office(mandate):
        raise Refused(f"{mandate} n’est pas en fonction : choisissez un membre du tableau.")
    if asked_on > timezone.localdate():
        raise Refused(f"Le {day(asked_on)} n’est pas encore passé : donnez le jour de sa demande.")
    if not proof.strip():
        raise Refused("Écrivez où est sa demande : « lettre du 6 octobre, classeur du conseil ».")
    return _chosen(mandate, sending, asked_on, proof=proof.strip(), by=by)


def _is_in_office(mandate: Mandate) -> bool:
    today = timezone.localdate()
    return mandate.since is not None and mandate.since <= today and (mandate.until is None or mandate.until > today)


def _chosen(mandate: Mandate, sending: Sending, on: date, *, proof: str, by: User) -> SendingChoice | None:
    if sending != Sending.PAPER and not queries.has_mail(mandate):
        raise Refused(f"{mandate} n’a pas d’adresse e-mail : donnez-lui-en une, ou convoquez sur papier.")
    if queries.sendings([mandate])[mandate.pk] == sending:
        return None
    log(mandate, "council.mandate.sending", user=by, data={"sending": str(Sending(sending).label), "proof": proof})
    return SendingChoice.objects.create(mandate=mandate, sending=sending, asked_on=on, proof=proof, noted_by=by)


# The end of a button.


def end_buttons_of_sitting(*, sitting: SittingPage, by: User) -> None:
    """The procès-verbal is arrêté: the dossier's buttons open nothing more."""
    for button in _working().filter(pk__in=sitting.convocations.values("button")):
        buttons.end(button=button, by=by, because="Le procès-verbal de la séance est arrêté.")


def end_buttons_of_past_mandates() -> None:
    """Whoever has left the council enters no more by its buttons. Doing it twice changes nothing."""
    left = Convocation.objects.filter(mandate__until__lte=timezone.localdate()).exclude(button=None)
    for button in _working().filter(pk__in=left.values("button")):
        buttons.end(button=button, by=None, because="Le mandat a pris fin.")


def _working() -> Any:
    return PersonalButton.objects.filter(ended_at=None).select_related("person")
