"""Deeds of a pouvoir: chosen, confirmed, noted from a paper, taken back, carried over. Each refusal has its way out."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from council.agenda.models import SittingPage
from council.convening.models import Signature
from council.members.models import Instance, Mandate
from council.pouvoirs import letters, operations, papers, queries
from council.pouvoirs.models import Pouvoir, PouvoirCode, ServedSitting
from kb.access.models import Grant, Role
from kb.buttons.tokens import digits_of
from kb.notices import operations as notices
from kb.notices.letters import Withheld
from kb.notices.models import Mail, Notice, Rhythm
from kb.refusals import Refused
from kb.work import operations as work

pytestmark = pytest.mark.django_db
MANAGERS = {"Secrète", "Morel"}  # responsables of the shelf of sittings, and of the whole town


@pytest.fixture
def sitting(convening):
    """Convened, in twenty days."""
    return convening.sent()


def given(convening, sitting, *, to=2, sittings=1):
    """The élue gives hers to one of the table, on screen."""
    code = operations.choose(
        sitting=sitting, holder=convening.council.mandates[to], sittings=sittings, by=convening.elue
    )
    return operations.confirm(sitting=sitting, digits=digits_of(code), by=convening.elue)


def on_paper(convening, sitting, giver, holder, **fields):
    values = {"sittings": 1, "illness": "", "given_on": timezone.localdate(), "by": convening.secretary, **fields}
    return operations.note_paper(
        sitting=sitting,
        giver=giver,
        holder=holder,
        paper=papers.kept("scan.pdf", "application/pdf", b"%PDF-1.7 scan"),
        **values,
    )


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("person__last_name", flat=True))


def test_chosen_then_confirmed(convening, sitting):
    _maire, giver, holder = convening.council.mandates
    pouvoir = given(convening, sitting)
    assert (pouvoir.giver, pouvoir.holder, pouvoir.sitting, pouvoir.on_paper) == (giver, holder, sitting, False)
    assert queries.given_by(sitting, giver).holder == holder
    assert sitting.convocations.get(mandate=giver).answer == "absent"
    assert told("pouvoir_given") == {"Marchetti"} | MANAGERS  # she presides; the holder has no account
    managers = Notice.objects.filter(kind="pouvoir_given", person__last_name__in=MANAGERS)
    assert [one.mail for one in managers] == [None, None]  # it asks nothing of them: a line of their digest
    work.drain()
    (letter,) = [message for message in mail.outbox if "donne pouvoir à Nadia Benkacem" in message.subject]
    ((name, data, mime),) = letter.attachments
    pouvoir.refresh_from_db()
    assert (mime, bytes(pouvoir.paper.data)) == ("application/pdf", data) and name.startswith("Pouvoir Bernard Aubanel")


def test_the_holder_is_told_once_even_where_she_presides(convening, sitting):
    given(convening, sitting, to=0)
    assert Notice.objects.filter(kind="pouvoir_given", person=convening.maire).count() == 1
    work.drain()
    (letter,) = [message for message in mail.outbox if "pouvoir" in message.subject and "code" not in message.subject]
    assert letter.subject == "Bernard Aubanel vous donne pouvoir" and len(letter.attachments) == 1


def test_the_code_goes_to_the_giver_and_is_kept_nowhere(convening, sitting):
    code = operations.choose(sitting=sitting, holder=convening.council.mandates[2], sittings=1, by=convening.elue)
    work.drain()
    (letter,) = [message for message in mail.outbox if "votre code" in message.subject]
    digits = digits_of(code)
    assert convening.elue.email in letter.to[0] and digits[:3] in letter.subject and digits[3:] in letter.subject
    values = [str(value) for value in PouvoirCode.objects.values().get().values()]
    assert not [value for value in values if digits in value]


def test_a_wrong_code_counts_and_five_end_it(convening, sitting):
    code = operations.choose(sitting=sitting, holder=convening.council.mandates[2], sittings=1, by=convening.elue)
    wrong = "000000" if digits_of(code) != "000000" else "111111"
    for _ in range(5):
        assert operations.confirm(sitting=sitting, digits=wrong, by=convening.elue) is None
    assert operations.confirm(sitting=sitting, digits=digits_of(code), by=convening.elue) is None
    assert not Pouvoir.objects.exists()


def test_an_old_code_and_one_used_already(convening, sitting):
    code = operations.choose(sitting=sitting, holder=convening.council.mandates[2], sittings=1, by=convening.elue)
    PouvoirCode.objects.update(made_at=timezone.now() - timedelta(minutes=16))
    assert operations.confirm(sitting=sitting, digits=digits_of(code), by=convening.elue) is None
    given(convening, sitting)
    operations.revoke(sitting=sitting, by=convening.elue)
    used = PouvoirCode.objects.latest("pk")
    assert operations.confirm(sitting=sitting, digits=digits_of(used), by=convening.elue) is None


def test_three_codes_in_a_quarter_of_an_hour(convening, sitting):
    for _ in range(3):
        operations.choose(sitting=sitting, holder=convening.council.mandates[2], sittings=1, by=convening.elue)
    with pytest.raises(Refused, match="tapez le dernier reçu, ou revenez plus tard"):
        operations.choose(sitting=sitting, holder=convening.council.mandates[2], sittings=1, by=convening.elue)


def test_one_pouvoir_for_one_holder(convening, sitting):
    maire, giver, holder = convening.council.mandates
    on_paper(convening, sitting, maire, holder)
    with pytest.raises(Refused, match=r"Nadia Benkacem : porte déjà un pouvoir.*Choisissez un autre membre"):
        operations.choose(sitting=sitting, holder=holder, sittings=1, by=convening.elue)
    first = ServedSitting.objects.get()
    pouvoir = Pouvoir.objects.create(
        sitting=sitting, giver=giver, holder=holder, given_on=timezone.localdate(), noted_by=convening.elue
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ServedSitting.objects.create(pouvoir=pouvoir, sitting=sitting, rank=1, giver=giver, holder=first.holder)


def test_the_holder_taken_while_the_code_travelled(convening, sitting):
    maire, _giver, holder = convening.council.mandates
    code = operations.choose(sitting=sitting, holder=holder, sittings=1, by=convening.elue)
    on_paper(convening, sitting, maire, holder)
    with pytest.raises(Refused, match="porte déjà un pouvoir"):
        operations.confirm(sitting=sitting, digits=digits_of(code), by=convening.elue)
    assert Pouvoir.objects.count() == 1


def test_to_oneself_to_who_gave_his_own_and_twice(convening, sitting):
    maire, giver, holder = convening.council.mandates
    with pytest.raises(Refused, match="on ne se donne pas pouvoir à soi-même"):
        operations.choose(sitting=sitting, holder=giver, sittings=1, by=convening.elue)
    on_paper(convening, sitting, maire, holder)
    with pytest.raises(Refused, match="a donné pouvoir à un autre"):
        operations.choose(sitting=sitting, holder=maire, sittings=1, by=convening.elue)
    operations.note_revocation(served=ServedSitting.objects.get(), how="lettre", by=convening.secretary)
    given(convening, sitting)
    with pytest.raises(Refused, match="a déjà donné pouvoir à Nadia Benkacem : retirez d’abord"):
        operations.choose(sitting=sitting, holder=maire, sittings=1, by=convening.elue)


def test_to_somebody_of_another_instance_and_to_who_left(convening, sitting):
    other = Instance.objects.create(name="Commission travaux", body="commission")
    stranger = Mandate.objects.create(instance=other, first_name="Paul", last_name="Ailleurs", since="2026-03-15")
    with pytest.raises(Refused, match="Paul Ailleurs n’est pas en fonction dans « Conseil municipal »"):
        operations.choose(sitting=sitting, holder=stranger, sittings=1, by=convening.elue)
    Mandate.objects.filter(last_name="Benkacem").update(until=timezone.localdate(), why_ended="resigned")
    with pytest.raises(Refused, match="Nadia Benkacem n’est pas en fonction"):
        operations.choose(sitting=sitting, holder=convening.council.mandates[2], sittings=1, by=convening.elue)


def test_nobody_gives_for_who_left_nor_for_another(convening, sitting):
    holder = convening.council.mandates[2]
    with pytest.raises(PermissionDenied):
        operations.choose(sitting=sitting, holder=holder, sittings=1, by=convening.secretary)
    with pytest.raises(PermissionDenied):
        on_paper(convening, sitting, convening.council.mandates[1], holder, by=convening.elue)
    Mandate.objects.filter(account=convening.elue).update(until=timezone.localdate(), why_ended="resigned")
    with pytest.raises(PermissionDenied):
        operations.choose(sitting=sitting, holder=holder, sittings=1, by=convening.elue)
    with pytest.raises(Refused, match="Bernard Aubanel n’est pas en fonction"):
        on_paper(convening, sitting, convening.council.mandates[1], holder)


def test_after_the_sitting_opened(convening, sitting):
    maire, _giver, holder = convening.council.mandates
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    sitting.refresh_from_db()
    with pytest.raises(Refused, match="se remet sur papier au président de séance"):
        operations.choose(sitting=sitting, holder=holder, sittings=1, by=convening.elue)
    with pytest.raises(Refused, match="La séance a commencé"):
        on_paper(convening, sitting, maire, holder)


def test_before_the_convocation_there_is_no_sitting_to_name(convening):
    sitting = convening.sitting(title="À venir")
    maire, _giver, holder = convening.council.mandates
    with pytest.raises(PermissionDenied):
        operations.choose(sitting=sitting, holder=holder, sittings=1, by=convening.elue)
    with pytest.raises(Refused, match="La séance n’est pas convoquée"):
        on_paper(convening, sitting, maire, holder)


def test_an_instance_whose_rule_is_not_known_is_asked_for(convening, sitting):
    Instance.objects.update(body="commission")
    with pytest.raises(Refused, match="le secrétariat les écrit dans les réglages du conseil"):
        operations.choose(sitting=sitting, holder=convening.council.mandates[2], sittings=1, by=convening.elue)
    Instance.objects.update(own_pouvoir_sittings=1, own_pouvoir_article="règlement intérieur, art. 7")
    sitting = SittingPage.objects.get(pk=sitting.pk)
    assert given(convening, sitting).sittings == 1
    operations.revoke(sitting=sitting, by=convening.elue)
    with pytest.raises(Refused, match=r"pas plus de 1\u00a0séance de suite \(règlement intérieur, art. 7\)"):
        operations.choose(sitting=sitting, holder=convening.council.mandates[2], sittings=2, by=convening.elue)


def test_taken_back_at_any_time_then_another(convening, sitting):
    given(convening, sitting, to=0)
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    operations.revoke(sitting=sitting, by=convening.elue)
    assert told("pouvoir_revoked") == {"Marchetti"} | MANAGERS  # she presides
    assert not queries.standing(sitting).exists() and ServedSitting.objects.count() == 1  # kept, ended
    with pytest.raises(Refused, match="il n’y a rien à retirer"):
        operations.revoke(sitting=sitting, by=convening.elue)


def test_who_manages_is_told_once_as_he_chose_and_led_to_the_list(convening, sitting):
    given(convening, sitting, to=2)
    convening.town.give(Role.MANAGER, convening.council.shelf, person=convening.maire)  # she presides and manages
    notices.choose(person=convening.secretary, rhythm=Rhythm.DAILY, at_once=False)
    operations.revoke(sitting=sitting, by=convening.elue)
    rows = {one.person: one for one in Notice.objects.filter(kind="pouvoir_revoked")}
    assert {person: (one.always, one.mail is not None) for person, one in rows.items()} == {
        convening.maire: (True, True),
        convening.secretary: (False, False),
        convening.town.communication: (False, True),
    }
    assert Notice.objects.filter(kind="pouvoir_revoked").count() == 3
    letter = letters.pouvoir_revoked(rows[convening.maire].mail)
    assert letter.path == f"/p/{sitting.pk}/pouvoirs/" and "vous suivez les pouvoirs" in letter.why


def test_the_mail_of_who_no_longer_manages_is_withheld(convening, sitting):
    given(convening, sitting, to=0)
    operations.revoke(sitting=sitting, by=convening.elue)
    sent = Mail.objects.get(kind="pouvoir_revoked", to=convening.secretary)
    assert letters.pouvoir_revoked(sent).subject == "Le pouvoir de Bernard Aubanel est retiré"
    Grant.objects.filter(person=convening.secretary).update(ended_at=timezone.now())
    with pytest.raises(Withheld):
        letters.pouvoir_revoked(Mail.objects.get(pk=sent.pk))


def test_the_secretariat_notes_a_revocation(convening, sitting):
    maire, giver, _holder = convening.council.mandates
    on_paper(convening, sitting, giver, maire)
    served = ServedSitting.objects.get()
    with pytest.raises(PermissionDenied):
        operations.note_revocation(served=served, how="lettre", by=convening.elue)
    with pytest.raises(Refused, match="Écrivez comment"):
        operations.note_revocation(served=served, how=" ", by=convening.secretary)
    ended = operations.note_revocation(served=served, how="lettre du 6", by=convening.secretary)
    assert ended.revoked_how == "lettre du 6" and told("pouvoir_revoked") == {"Marchetti", "Roussillon"} | MANAGERS - {
        "Secrète"
    }
    with pytest.raises(Refused, match="déjà retiré"):
        operations.note_revocation(served=served, how="encore", by=convening.secretary)


def test_a_paper_keeps_its_bytes(convening, sitting):
    maire, _giver, holder = convening.council.mandates
    pouvoir = on_paper(convening, sitting, maire, holder)
    pouvoir.refresh_from_db()
    assert bytes(pouvoir.paper.data) == b"%PDF-1.7 scan" and papers.paper_of(pouvoir) == pouvoir.paper
    with pytest.raises(Refused, match="n’est pas encore passé"):
        on_paper(
            convening, sitting, convening.council.mandates[1], maire, given_on=timezone.localdate() + timedelta(days=1)
        )


# The next sittings.


def next_sitting(convening, days):
    Signature.objects.all().delete()
    return convening.sent(days, title=f"Séance à {days} jours")


def test_a_document_serves_three_sittings_then_lapses_and_a_new_one_is_given(convening, sitting):
    _maire, giver, holder = convening.council.mandates
    given(convening, sitting, sittings=3)
    ranks = []
    for days in (40, 60, 80):
        later = next_sitting(convening, days)
        ranks.append(list(queries.standing(later).values_list("rank", flat=True)))
    assert ranks == [[2], [3], []]
    assert told("pouvoir_lapsed") == {"Roussillon"}
    operations.carry_over(sitting=later)
    assert Notice.objects.filter(kind="pouvoir_lapsed").count() == 1
    given(convening, later)
    assert queries.given_by(later, giver).holder == holder


def test_sittings_convened_out_of_order_make_it_serve_no_longer(convening, sitting):
    given(convening, sitting, sittings=2)
    last, between = next_sitting(convening, 60), next_sitting(convening, 40)
    assert (queries.standing(last).count(), queries.standing(between).count()) == (1, 0)


def test_a_pouvoir_for_one_sitting_lapses_in_silence(convening, sitting):
    given(convening, sitting)
    assert not queries.standing(next_sitting(convening, 40)).exists() and told("pouvoir_lapsed") == set()


def test_a_revoked_one_is_not_carried_over(convening, sitting):
    given(convening, sitting, sittings=3)
    operations.revoke(sitting=sitting, by=convening.elue)
    assert not queries.standing(next_sitting(convening, 40)).exists()


def test_who_leaves_the_council_gives_and_holds_no_more(convening, sitting):
    given(convening, sitting)
    gone = Mandate.objects.get(last_name="Benkacem")
    gone.until, gone.why_ended = timezone.localdate(), "resigned"
    gone.save()
    assert not queries.standing(sitting).exists()
    assert Pouvoir.objects.get().revoked_how == "Le mandat de Nadia Benkacem a pris fin."
    assert told("pouvoir_revoked") == {"Roussillon", "Marchetti"} | MANAGERS


def test_being_represented_before_refuses_nobody(convening, sitting):
    for days in (40, 60):
        given(convening, sitting, sittings=1)
        sitting = next_sitting(convening, days)
    assert given(convening, sitting).pk
