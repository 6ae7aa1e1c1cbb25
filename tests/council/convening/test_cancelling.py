"""A convened sitting that does not take place: who may say so, who is told, what takes its place."""

from datetime import timedelta

import icalendar
import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from council.agenda import operations as agenda
from council.agenda.calendar import days
from council.agenda.enums import PlaceState, SittingState
from council.agenda.models import AgendaPlace, SittingPage, stage_of
from council.agenda.queries import meeting_day
from council.convening import cancelling, proof, queries
from council.convening.letters import cancellation, convocation
from council.convening.models import Cancellation
from kb.exchange import pdf as paper
from kb.notices.letters import Withheld
from kb.notices.models import Mail
from kb.refusals import Refused
from kb.typography import moment
from kb.work import operations as work
from tests.council.convening.test_letters import plain, read

pytestmark = pytest.mark.django_db


def call_off(convening, sitting, by=None, reason="Neige"):
    return cancelling.call_off(sitting=sitting, reason=reason, by=by or convening.secretary)


def test_it_is_cancelled_with_its_reason_and_no_longer_answered(convening):
    sitting = convening.sent()
    done = call_off(convening, sitting)
    assert (stage_of(sitting), done.reason, done.by, done.moved_to) == (
        SittingState.CANCELLED,
        "Neige",
        convening.secretary,
        None,
    )
    assert queries.own(sitting, convening.elue) is None
    assert list(days(meeting_day(sitting), meeting_day(sitting))) == []


def test_the_proof_says_it(convening):
    sitting = convening.sent()
    assert proof.as_data(sitting)["cancellation"] is None
    done = call_off(convening, sitting)
    told = proof.as_data(sitting)["cancellation"]
    assert told == {
        "at": timezone.localtime(done.at).isoformat(timespec="seconds"),
        "by": "Jeanne Secrète",
        "reason": "Neige",
        "moved_to": None,
        "moved_to_starts_at": None,
        "mails": [
            {"to": one.to.get_full_name(), "id": one.pk, "state": "waiting", "reason": "", "handed_over_at": None}
            for one in Mail.objects.filter(kind="cancellation").order_by("pk")
        ],
    }
    assert len(told["mails"]) == 2


@pytest.mark.skipif(not paper.is_available(), reason="Pango is not installed")
def test_and_so_does_its_pdf_with_who_was_told(convening):
    sitting = convening.sent()
    assert "annulée" not in read(proof.as_pdf(sitting))
    later = cancelling.put_off(
        sitting=sitting, starts_at=sitting.starts_at + timedelta(days=7), reason="Neige", by=convening.secretary
    )
    work.drain()
    data, words = proof.as_data(sitting)["cancellation"], read(proof.as_pdf(sitting))
    assert data["moved_to"] == later.pk
    assert data["moved_to_starts_at"] == timezone.localtime(later.starts_at).isoformat(timespec="seconds")
    assert [one["state"] for one in data["mails"]] == ["sent", "sent"]
    off = sitting.cancellation
    for said in (
        "Séance reportée",
        f"Dit le {moment(off.at)} par Jeanne Secrète. Raison : Neige",
        f"Elle se tient le {moment(later.starts_at)}",
        "Hélène Marchetti Remis au serveur de courriel",
        "Sylvie Roussillon Remis au serveur de courriel",
    ):
        assert plain(said) in words


def test_each_member_with_a_mailbox_gets_one_mail(convening):
    sitting = convening.sent()
    call_off(convening, sitting)
    mails = Mail.objects.filter(kind="cancellation")
    assert {mail.to for mail in mails} == {convening.maire, convening.elue}
    letter = cancellation(mails.get(to=convening.elue))
    assert letter.title.startswith("Conseil municipal : la séance du ")
    assert letter.paragraphs == ("Raison : Neige",)
    (file,) = letter.files
    (event,) = icalendar.Calendar.from_ical(file.data).walk("VEVENT")
    assert (str(event["status"]), int(event["sequence"])) == ("CANCELLED", 1)
    assert str(icalendar.Calendar.from_ical(file.data)["method"]) == "CANCEL"


def test_it_takes_the_same_event_out_of_calendars(convening):
    sitting = convening.sent()
    (sent,) = [
        file
        for file in convocation(Mail.objects.get(kind="convocation", to=convening.elue)).files
        if file.mime == "text/calendar"
    ]
    call_off(convening, sitting)
    (taken,) = cancellation(Mail.objects.get(kind="cancellation", to=convening.elue)).files
    uid = [str(icalendar.Calendar.from_ical(file.data).walk("VEVENT")[0]["uid"]) for file in (sent, taken)]
    assert uid[0] == uid[1] == f"sitting-{sitting.pk}@127.0.0.1"


def test_a_convocation_that_has_not_left_yet_does_not_leave(convening):
    call_off(convening, convening.sent())
    with pytest.raises(Withheld, match="La séance est annulée"):
        convocation(Mail.objects.get(kind="convocation", to=convening.elue))


def test_put_off_another_sitting_takes_its_agenda(convening):
    sitting = convening.sent()
    at = sitting.starts_at + timedelta(days=7)
    later = cancelling.put_off(sitting=sitting, starts_at=at, reason="Neige", by=convening.secretary)
    assert (stage_of(later), later.starts_at, later.instance) == (SittingState.PREPARATION, at, sitting.instance)
    assert [page.title for page in later.get_children()] == ["Tarifs de la cantine"]
    place = AgendaPlace.objects.get(sitting=sitting)
    assert (place.state, place.reason, place.moved_to) == (PlaceState.POSTPONED, "Séance reportée : Neige", later)
    assert Cancellation.objects.get(sitting=sitting).moved_to == later
    letter = cancellation(Mail.objects.get(kind="cancellation", to=convening.elue))
    assert letter.paragraphs == ("Raison : Neige", "Une autre convocation vous dira sa nouvelle date.")


def test_not_put_off_to_an_earlier_day(convening):
    sitting = convening.sent()
    with pytest.raises(Refused, match="annulez-la et convoquez en urgence"):
        cancelling.put_off(sitting=sitting, starts_at=sitting.starts_at, reason="Neige", by=convening.secretary)
    assert stage_of(sitting) == SittingState.CONVENED
    assert not Cancellation.objects.exists()


def test_not_without_a_reason(convening):
    sitting = convening.sent()
    with pytest.raises(Refused, match="écrivez-la, les membres la liront"):
        call_off(convening, sitting, reason="  ")
    assert stage_of(sitting) == SittingState.CONVENED


def test_not_one_in_preparation_nor_twice_nor_one_held(convening):
    with pytest.raises(Refused, match="n’est pas convoquée : changez sa date"):
        call_off(convening, convening.sitting(30))
    sitting = convening.sent()
    call_off(convening, sitting)
    with pytest.raises(Refused, match="est déjà annulée"):
        call_off(convening, sitting)
    assert Mail.objects.filter(kind="cancellation").count() == 2
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Refused, match="elle n’a pas eu lieu"):
        agenda.note_held(sitting=SittingPage.objects.get(pk=sitting.pk), by=convening.secretary)


def test_not_by_who_does_not_manage_it(convening):
    with pytest.raises(PermissionDenied):
        call_off(convening, convening.sent(), by=convening.elue)


def test_from_the_screen(convening):
    sitting = convening.sent()
    client = convening.town.signed_in(convening.secretary)
    assert f"/p/{sitting.pk}/annulation/" in client.get(f"/p/{sitting.pk}/").content.decode()
    answer = client.post(f"/p/{sitting.pk}/annulation/", {"reason": ""})
    assert answer.status_code == 422
    answer = client.post(f"/p/{sitting.pk}/annulation/", {"reason": "Neige", "on": "", "at": ""}, follow=True)
    page = answer.content.decode()
    assert "Séance annulée le" in page
    assert "Neige" in page
    assert "À prévenir autrement que par courriel : Nadia Benkacem." in page
    for screen in (page, client.get(f"/p/{sitting.pk}/convocations/").content.decode()):
        assert "en main propre : Nadia" not in screen  # nothing is to be delivered any more
    seen = convening.town.signed_in(convening.elue).get(f"/p/{sitting.pk}/").content.decode()
    assert "Neige" in seen
    assert "Serez-vous là" not in seen
    assert "À prévenir autrement" not in seen
    assert "Séance annulée" in convening.town.signed_in(convening.elue).get("/journal/").content.decode()


def test_the_screen_puts_off(convening):
    sitting = convening.sent()
    on = (meeting_day(sitting) + timedelta(days=7)).isoformat()
    client = convening.town.signed_in(convening.secretary)
    client.post(f"/p/{sitting.pk}/annulation/", {"reason": "Neige", "on": on, "at": "19:00"})
    later = Cancellation.objects.get(sitting=sitting).moved_to
    assert timezone.localtime(later.starts_at).isoformat()[:16] == f"{on}T19:00"
    seen = convening.town.signed_in(convening.elue).get(f"/p/{sitting.pk}/").content.decode()
    assert later.title not in seen  # in preparation: not his yet


def test_the_screen_does_not_exist_for_others(convening):
    sitting = convening.sent()
    assert convening.town.signed_in(convening.elue).get(f"/p/{sitting.pk}/annulation/").status_code == 403
    assert convening.town.signed_in(convening.town.outsider).get(f"/p/{sitting.pk}/annulation/").status_code == 404
