"""Reads of a convocation: who may sign, what was signed and sent, where each councillor's stands."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from council import clock
from council.agenda.enums import PlaceState, SittingState
from council.agenda.models import SittingPage, SittingRecord, stage_of
from council.agenda.queries import deadlines_of, facts_of, meeting_day, placed
from council.convening.models import Answer, Convocation, Handed, Sending, SendingChoice, Signature, Way
from council.members.models import Mandate
from council.members.queries import in_office
from kb.notices.models import Mail, MailState
from kb.typography import NBSP, count, day, moment

Row = dict[str, Any]
FAR = 72  # hours, from which they are told in days
PRESIDES = frozenset({"maire", "président", "présidente"})


# The signature.


def presides(mandate: Mandate) -> bool:
    """Whether this is the mandate of who convenes: the maire's, or a president's (L2121-10)."""
    return mandate.office.split(",")[0].strip().casefold() in PRESIDES


def signs_for(sitting: SittingPage, person: Any) -> Mandate | None:
    """The mandate by which the person arrests this agenda, if he holds it today."""
    held = in_office(sitting.instance, timezone.localdate()).filter(account=person.pk)
    return next((mandate for mandate in held if presides(mandate)), None)


def agenda_hash(sitting: SittingPage) -> str:
    """What a signature covers: the sitting and each standing item, at their newest drafts, in order."""
    standing = [row.item for row in placed(sitting) if row.state == PlaceState.ON]
    signed = [(page.pk, page.latest_revision_id) for page in (sitting, *standing)]
    return hashlib.sha256(json.dumps(signed).encode()).hexdigest()


def last_signature(sitting: SittingPage) -> Signature | None:
    """The newest, whether the agenda is still the signed one or not."""
    return sitting.signatures.filter(change=None).select_related("mandate", "by").order_by("-at", "-pk").first()


def is_signed(sitting: SittingPage) -> bool:
    """Whether what would leave now is what was signed."""
    signature = last_signature(sitting)
    return signature is not None and signature.agenda_hash == agenda_hash(sitting)


def signature_line(signature: Signature) -> str:
    """« Signé par Hélène Marchetti (Maire) le 6 octobre 2026 »."""
    where = "à l’écran" if signature.on_screen else f"sur papier : {signature.proof}"
    return f"Signé par {signature.mandate} ({signature.quality}) le {day(signature.signed_on)}, {where}"


# The clock of a convocation.


@dataclass(frozen=True)
class Law:
    """What the clock says of a convocation."""

    due: date | None  # by when it is in each one's hands; None where the clock does not know
    notes: bool  # whether the notes de synthèse travel with it (L2121-12)


def law_of(sitting: SittingPage) -> Law:
    """Four queries."""
    try:
        rows = deadlines_of(sitting, facts_of(sitting))
    except clock.CannotTell:
        return Law(None, False)
    due = next((row.due for row in rows if row.code == "convocation"), None)
    return Law(due, any(row.code == "note" for row in rows))


def midnight_after(value: date) -> datetime:
    """The end of a day, in the town's time."""
    return timezone.make_aware(datetime.combine(value + timedelta(days=1), time()))


def time_left(due: date | None, now: datetime) -> str:
    """« Il reste 31 heures pour convoquer dans le délai. »"""
    if due is None:
        return ""
    hours = int((midnight_after(due) - now).total_seconds() // 3600)
    if hours < 0:
        return f"Le délai légal est passé depuis le {day(due)} au soir : la séance peut être contestée."
    if hours < 1:
        return "Il reste moins d’une heure pour convoquer dans le délai."
    verb = "Il reste" if hours > 1 else "Il ne reste que"
    left = count(hours // 24, "jour") if hours >= FAR else count(hours, "heure")
    return f"{verb} {left} pour convoquer dans le délai (jusqu’au {day(due)} à minuit)."


def button_until(sitting: SittingPage) -> datetime:
    """Until when a button lives at most: the end of the quarter where the minutes must be arrêtés (L2121-7, L2121-15)."""
    return midnight_after(clock.end_of_next_quarter(meeting_day(sitting)))


# Each councillor.


def to_convene(sitting: SittingPage) -> QuerySet[Mandate]:
    """The members in office today, in the order of the table."""
    return in_office(sitting.instance, timezone.localdate())


def has_mail(mandate: Mandate) -> bool:
    """Whether a mail reaches this councillor: an open account with an address."""
    return mandate.account is not None and mandate.account.is_active and bool(mandate.account.email)


def sendings(mandates: Iterable[Mandate]) -> dict[int, Sending]:
    """Mandate's id → how this member is sent what convenes him: as he asked last, on paper where no mail reaches him.

    One query.
    """
    known = list(mandates)
    rows = SendingChoice.objects.filter(mandate__in=known).order_by("noted_at", "pk")
    asked = dict(rows.values_list("mandate", "sending"))
    return {one.pk: Sending(asked.get(one.pk, Sending.MAIL)) if has_mail(one) else Sending.PAPER for one in known}


def sending_lines(mandate: Mandate) -> list[Row]:
    """What this member asked for, the newest first. One query."""
    return [
        {
            "what": str(Sending(one.sending).label),
            "on": day(one.asked_on),
            "how": f"Noté par {one.noted_by} : {one.proof}" if one.proof else "Choisi à l’écran",
        }
        for one in mandate.sending_choices.select_related("noted_by").order_by("-noted_at", "-pk")
    ]


def own(sitting: SittingPage, person: Any) -> Mandate | None:
    """The mandate by which the person was convened to this sitting: his, in office today."""
    if stage_of(sitting) in {SittingState.PREPARATION, SittingState.CANCELLED}:
        return None
    return to_convene(sitting).filter(account=person.pk).first()


# Where a convocation stands: tone of its mark, icon, words. What asks for a hand is an alarm.
OF_MAIL = {
    MailState.WAITING: ("neutral", "clock", "À envoyer"),
    MailState.HANDING: ("neutral", "clock", "En cours de remise"),
    MailState.SENT: ("done", "check", "Remis au serveur de courriel"),
    MailState.UNSURE: ("watch", "warning", "Remise incertaine"),
    MailState.WITHHELD: ("late", "warning", "Non envoyé"),
    MailState.FAILED: ("late", "warning", "Échec"),
}
ALARMS = frozenset({MailState.UNSURE, MailState.WITHHELD, MailState.FAILED})


@dataclass(frozen=True)
class Standing:
    """Where one convocation stands."""

    tone: str
    icon: str
    words: str
    alarm: bool
    at: str = ""


def standing(convocation: Handed, due: date | None) -> Standing:
    """From its mail, or from what was noted by hand."""
    if convocation.delivered_on:
        late = due is not None and convocation.delivered_on > due
        words = f"Remise en main propre : {convocation.delivered_how}" + (", trop tard" if late else "")
        return Standing(
            "late" if late else "done", "warning" if late else "check", words, late, day(convocation.delivered_on)
        )
    if convocation.way == Way.ELSEWHERE:
        return Standing("info", "mail", "Convocation notée, envoyée par un autre moyen", False)
    if convocation.mail is None:
        return Standing("watch", "warning", "À remettre sur papier", True)
    if convocation.bounced_on:
        words = f"Courriel revenu le {day(convocation.bounced_on)} : {convocation.bounced_why}"
        return Standing("late", "warning", words, True)
    return standing_of_mail(convocation.mail, due)


def standing_of_mail(mail: Mail, due: date | None = None) -> Standing:
    """From the mail alone; late where it left after `due`."""
    state = MailState(mail.state)
    tone, icon, words = OF_MAIL[state]
    if mail.sent_at and due and timezone.localtime(mail.sent_at).date() > due:
        return Standing("late", "warning", f"{words}, trop tard", True, moment(mail.sent_at))
    if mail.reason:
        words = f"{words} : {mail.reason}"
    return Standing(tone, icon, words, state in ALARMS, moment(mail.sent_at) if mail.sent_at else "")


def convocations_of(sitting: SittingPage) -> QuerySet[Convocation]:
    """In the order of the table, with what their lines need."""
    return sitting.convocations.select_related("mandate", "mail", "delivery_noted_by", "sitting", "answer_noted_by")


def lines(sitting: SittingPage, due: date | None) -> list[Row]:
    """For who manages the sitting: what was sent to whom, acknowledged, answered. Who opened what is not here."""
    return [_line(one, due) for one in convocations_of(sitting)]


def _line(one: Convocation, due: date | None) -> Row:
    stands = standing(one, due)
    return {
        "id": one.pk,
        "name": str(one.mandate),
        "office": one.mandate.office,
        "way": str(Way(one.way).label),
        "address": one.address,
        "state": stands,
        "acknowledged": f"Accusé de réception du {moment(one.acknowledged_at)}" if one.acknowledged_at else "",
        "answer": f"{Answer(one.answer).label} (le {day(one.answered_at)}{_heard(one)})" if one.answered_at else "",
        "answer_paper": one.answer_paper_id is not None,
        "says": one.answer,
        "may_bounce": one.mail is not None and one.bounced_on is None and one.delivered_on is None,
        "delivered": one.delivered_on is not None,
    }


def _heard(one: Convocation) -> str:
    """« , au téléphone, noté par Claire Valette »."""
    return f", {one.answered_how}, noté par {one.answer_noted_by}" if one.answered_how else ""


COUNTED = {
    Answer.PRESENT: "Présents", Answer.ABSENT: "Absents", Answer.UNKNOWN: "Ne savent pas encore", "": "Sans réponse",
}  # fmt: skip


def answers_line(rows: Sequence[Row]) -> str:
    """« 12 accusés de réception sur 19. Présents : 9. Absents : 1. Sans réponse : 9 »."""
    got = sum(1 for row in rows if row["acknowledged"])
    said = Counter(row["says"] for row in rows)
    told = [f"{label}{NBSP}: {said[one]}" for one, label in COUNTED.items() if said[one]]
    return ". ".join([f"{count(got, 'accusé de réception', 'accusés de réception')} sur {len(rows)}", *told])


def register_mention(sitting: SittingPage) -> str:
    """What the register of délibérations says of this convocation (L2121-10)."""
    record = SittingRecord.objects.filter(page=sitting.pk).first()
    if record is None or record.sent_on is None:
        return ""
    posted = facts_of(sitting).done.get("posting")
    shown = f", affichée ou publiée le {day(posted)}" if posted else ", affichage à noter"
    return f"Convocation du {day(record.sent_on)} à la séance du {day(meeting_day(sitting))}, adressée à chaque membre{shown}."
