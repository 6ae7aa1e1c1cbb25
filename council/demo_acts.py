"""The acts of the demo town: two decisions of the maire, the last sitting's délibérations published (one masked), a follow-up."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from council.agenda.models import DoneStep, SittingPage
from council.decisions import operations as decisions
from council.decisions.models import Decision, DelegatedPower
from council.follow_up import operations as follow_up
from council.follow_up.models import FollowUp, Task
from council.members.models import Instance, Mandate
from council.publication import operations, papers, sitting_papers, transmission, wording
from council.publication.models import (
    Act,
    ActFile,
    Choice,
    Flag,
    Publication,
    PublicPaper,
    SendingWay,
    SittingPaper,
    Transmission,
)
from kb.demo.writing import french
from kb.exchange import pdf
from kb.exchange.printing import Printed
from kb.notices.models import Mail, MailState, Notice
from kb.people.account import User
from kb.typography import day

SIRET = "21080999200014"  # an invented one, whose key is right
WHY_MASKED = "Particulière, sans intérêt pour le public."
DECISIONS = (
    (
        -24, 8, "Concession funéraire au cimetière communal", "3.5",
        "Décide :\n\nArticle 1er. Une concession de trente ans est accordée dans le cimetière communal à Mme Odette Fabre, "
        "demeurant 4 chemin des Vignes, à Valmorin-sur-Drise, pour y fonder sa sépulture.\n\nArticle 2. Mme Odette Fabre "
        "règle la redevance de 320 € au régisseur.",
    ),
    (
        -9, 5, "Location de la salle des fêtes au club de judo", "3.3",
        "Décide :\n\nArticle 1er. La salle des fêtes est louée au club de judo le mardi soir, du 1er septembre au 30 juin.\n\n"
        "Article 2. Le loyer est de 40 € par mois.",
    ),
)  # fmt: skip


def tell(sitting: SittingPage, mandates: dict[str, Mandate], people: dict[str, Any], anchor: date) -> None:
    """All of it, each deed dated where it belongs; `people` by their keys."""
    by, instance, maire = people["claire"], sitting.instance, mandates["helene"]
    held = timezone.localdate(sitting.starts_at)
    operations.identify(instance=instance, siret=SIRET, prefecture="PREF008", by=by)
    delegation = _delegation(instance, held - timedelta(days=150), by)
    for days, point, subject, matter, text in DECISIONS:
        on = anchor + timedelta(days=days)
        draft = Decision(
            instance=instance,
            delegation=delegation,
            point=point,
            subject=french(subject),
            matter=matter,
            taken_on=on,
            text=french(text),
            signer=maire,
        )
        _publish(_taken(draft, on, by), on + timedelta(days=1), by)
    for act in _of_sitting(sitting):
        _publish(act, held + timedelta(days=3), by)
    DoneStep.objects.filter(sitting=sitting, code="publication").update(on=held + timedelta(days=3))
    _put_list_online(sitting, held + timedelta(days=3), by)
    _follow(_of_sitting(sitting)[0], people, held, by)


def _put_list_online(sitting: SittingPage, on: date, by: User) -> None:
    """The list of délibérations, put back on its day."""
    if pdf.is_available():
        row = sitting_papers.publish(sitting=sitting, paper=SittingPaper.LIST, by=by)
        PublicPaper.objects.filter(pk=row.pk).update(at=_at(on))
        DoneStep.objects.filter(sitting=sitting, code="list").update(on=on)


def _of_sitting(sitting: SittingPage) -> list[Act]:
    return list(Act.objects.filter(deliberation__sitting=sitting).order_by("deliberation__position"))


def _delegation(instance: Instance, since: date, by: User) -> DelegatedPower:
    return decisions.note_delegation(
        instance=instance, deliberation=f"{since.year}/17", since=since, points=[4, 5, 6, 8, 16, 26], until=None, by=by
    )


def _taken(draft: Decision, on: date, by: User) -> Act:
    decision = decisions.take(decision=decisions.write(decision=draft, by=by), by=by)
    at = _at(on)
    Decision.objects.filter(pk=decision.pk).update(numbered_at=at, written_at=at)
    return Act.objects.get(decision=decision)


def _at(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(11, 20)))


def _publish(act: Act, on: date, by: User) -> None:
    """Signed, chosen, online, received by the préfet; then each put back on its day."""
    if not pdf.is_available():
        return
    operations.deposit_signed(act=act, data=_signed(act), file_name=f"{act.number}-signe.pdf", by=by)
    for flag in Flag.objects.filter(act=act, choice=""):
        operations.choose(flag=flag, choice=Choice.MASKED, reason=WHY_MASKED, by=by)
    made = operations.publish(act=act, up_on=timezone.localdate(), by=by)
    transmission.note_sent(act=act, way=SendingWay.ELECTRONIC, nature="1", on=on, by=by)
    number = f"008-210809992-{act.decided_on:%Y%m%d}-{act.number}-DE"
    transmission.note_received(act=act, on=on, number=number, by=by)
    at = _at(on)
    Publication.objects.filter(pk=made.pk).update(up_on=on, at=at)
    ActFile.objects.filter(act=act).update(at=at)
    Flag.objects.filter(act=act).update(found_at=at)
    Flag.objects.filter(act=act).exclude(choice="").update(chosen_at=at)
    Transmission.objects.filter(act=act).update(noted_at=at)


def _signed(act: Act) -> bytes:
    """What would come back from the scanner: the act and the name of who signed."""
    title = f"{act} du {day(act.decided_on)}"
    body = f"<h1>{title}</h1><p>{act.subject}</p>{wording.html_of(act)}<p>{wording.sentence_of(act)}</p>"
    html = f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head><body>{body}<p>Signé : {papers.author_of(act)}</p></body></html>'
    return pdf.pdf(Printed(title, html), sheets=papers.SHEETS)


def _follow(act: Act, people: dict[str, Any], held: date, by: User) -> None:
    """The works of the chemin des Lauzes: the money, the contract, who does what."""
    values = {
        "amount": Decimal("18600"),
        "budget_year": held.year,
        "budget_name": "Budget principal",
        "contract": french("Marché de voirie, avenant n° 1"),
        "note": french("Avenant signé, le mur se consolide en premier."),
    }
    follow_up.note(act=act, values=values, by=by)
    FollowUp.objects.filter(act=act).update(changed_at=_at(held + timedelta(days=6)))
    today = timezone.localdate()
    first = follow_up.give_task(
        act=act, what=french("Notifier l'avenant à l'entreprise"), owner=by, service="Secrétariat", due=today, by=by
    )
    follow_up.finish(task=first, on=held + timedelta(days=5), words="Notifié par courrier recommandé.", by=by)
    follow_up.give_task(
        act=act,
        what=french("Réceptionner la consolidation du mur"),
        owner=people["patrick"],
        service="Services techniques",
        due=today + timedelta(days=21),
        by=by,
    )
    told = _at(held + timedelta(days=4))
    Task.objects.filter(act=act).update(made_at=told)
    # Told as sent: nobody of an invented town reads it.
    mails = Mail.objects.filter(kind="task_given", state=MailState.WAITING)
    Notice.objects.filter(mail__in=mails).update(at=told)
    mails.update(state=MailState.SENT, sent_at=told, written_at=told)
