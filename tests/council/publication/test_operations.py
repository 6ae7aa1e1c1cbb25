"""An act from its signature to the public: what holds it, what is masked, what is refused."""

from datetime import timedelta

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from council.acts import minutes
from council.acts import operations as acts
from council.acts.queries import reach_of
from council.acts.registries import Life, life_of
from council.agenda.models import DoneStep, SittingPage
from council.agenda.queries import clock_rows
from council.clock import months_after
from council.publication import files, operations, queries, transmission
from council.publication.models import Act, ActFile, Choice, FileRole, Flag, Publication, SendingWay, Way
from kb.access import operations as access
from kb.permissions import Viewer
from kb.refusals import Refused
from kb.typography import day
from tests.council.publication.world import AID, NAMING, signed_pdf

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def publish(desk, act):
    return operations.publish(act=act, up_on=today(), by=desk.secretary)


def words_of(row):
    with row.file.storage.open(row.file.name, "rb") as source, pypdfium2.PdfDocument(source.read()) as document:
        found = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(found.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_a_signed_act_is_published_as_it_is_signed(desk):
    act = desk.sign(desk.act())
    signed = files.signed_of(act)
    made = publish(desk, act)
    assert (made.way, made.masked, made.named) == (Way.ELECTRONIC, False, False)
    assert made.sha256 == made.signed_sha256 == signed.sha256
    assert made.author == "Hélène Marchetti, Maire"
    assert queries.last_day_up(made) == months_after(made.up_on, 2)
    with pytest.raises(Refused, match="déjà publié"):
        publish(desk, act)
    with pytest.raises(Refused, match="on ne remplace pas un acte publié"):
        desk.sign(act)


def test_an_unsigned_act_is_not_published(desk):
    act = desk.act()
    with pytest.raises(Refused, match="n’est pas signé ici : imprimez"):
        publish(desk, act)
    with pytest.raises(Refused, match="n’est pas un PDF"):
        operations.deposit_signed(act=act, data=b"Bonjour", file_name="acte.txt", by=desk.secretary)
    assert not Publication.objects.exists() and not ActFile.objects.exists()


def test_personal_data_hold_the_publication_until_each_is_chosen(desk):
    act = desk.sign(desk.act(NAMING, point=8))
    flags = {flag.kind: flag for flag in act.flags.all()}
    assert {kind: flag.words for kind, flag in flags.items()} == {
        "un nom avec son adresse": "Mme Jeanne Durand, demeurant 12 rue des Lilas",
        "une date de naissance": "née le 4 mai 1950",
    }
    with pytest.raises(Refused, match="masquez ou gardez chaque passage"):
        publish(desk, act)
    with pytest.raises(Refused, match="avec sa raison"):
        operations.choose(flag=flags["une date de naissance"], choice=Choice.MASKED, reason=" ", by=desk.secretary)
    for flag in flags.values():
        operations.choose(flag=flag, choice=Choice.MASKED, reason="Particulière.", by=desk.secretary)
    made = publish(desk, act)
    public = act.files.get(role=FileRole.PUBLIC)
    assert made.masked and made.named
    assert made.sha256 == public.sha256 != made.signed_sha256 == files.signed_of(act).sha256
    shown = words_of(public)
    assert "Durand" not in shown and "Lilas" not in shown and "1950" not in shown
    assert "[donnée masquée] règle la redevance" in shown and made.signed_sha256[:16] not in shown.replace(" ", "")
    assert public.masks == made.signed_sha256


def test_what_is_kept_is_published_signed_and_kept_out_of_search_engines(desk):
    act = desk.sign(desk.act(NAMING, point=8))
    for flag in act.flags.all():
        operations.choose(flag=flag, choice=Choice.KEPT, reason="Partie à un contrat.", by=desk.secretary)
    made = publish(desk, act)
    assert (made.masked, made.named, made.sha256) == (False, True, made.signed_sha256)


def test_individual_social_aid_is_never_kept(desk):
    act = desk.sign(desk.act(AID))
    (flag,) = act.flags.all()
    assert (flag.words, flag.must_go) == ("secours de 300 € est versé à M. Paul Petit", True)
    with pytest.raises(Refused, match="ne se publie jamais"):
        operations.choose(flag=flag, choice=Choice.KEPT, reason="Utile.", by=desk.secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.filter(pk=flag.pk).update(choice=Choice.KEPT, reason="x", chosen_by=desk.secretary)
    operations.choose(flag=flag, choice=Choice.MASKED, reason="Aide sociale.", by=desk.secretary)
    publish(desk, act)
    assert "Petit" not in words_of(act.files.get(role=FileRole.PUBLIC))


def test_what_only_the_signed_file_says_holds_it_too(desk):
    act = desk.sign(desk.act(), text="Décision. Versé sur le compte FR76 3000 6000 0112 3456 7890 189.")
    assert [flag.kind for flag in act.flags.all()] == ["un numéro de compte (IBAN)"]
    with pytest.raises(Refused):
        publish(desk, act)
    operations.choose(flag=act.flags.get(), choice=Choice.MASKED, reason="Compte.", by=desk.secretary)
    publish(desk, act)
    assert "FR76" not in words_of(act.files.get(role=FileRole.PUBLIC))


def test_a_scan_that_cannot_be_read_asks_for_a_person(desk):
    act = desk.act()
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(out, "PDF")
    operations.deposit_signed(act=act, data=out.getvalue(), file_name="scan.pdf", by=desk.secretary)
    assert [flag.kind for flag in act.flags.all()] == ["un fichier dont le texte ne se lit pas"]
    with pytest.raises(Refused, match="ne se lit pas"):
        publish(desk, act)
    operations.choose(flag=act.flags.get(), choice=Choice.KEPT, reason="Relu : rien de personnel.", by=desk.secretary)
    assert publish(desk, act).named is False


def test_a_passage_nothing_flagged_is_masked_everywhere(desk):
    act = desk.sign(desk.act())
    with pytest.raises(Refused, match="recopiez-le"):
        operations.mask_more(act=act, words="inconnu", reason="x", by=desk.secretary)
    operations.mask_more(act=act, words="comité des  fêtes", reason="Association en litige.", by=desk.secretary)
    publish(desk, act)
    assert "comité des fêtes" not in words_of(act.files.get(role=FileRole.PUBLIC))


def test_a_version_masked_by_hand_is_read_again(desk):
    act = desk.sign(desk.act(NAMING, point=8))
    for flag in act.flags.all():
        operations.choose(flag=flag, choice=Choice.MASKED, reason="Particulière.", by=desk.secretary)
    operations.deposit_masked(act=act, data=signed_pdf(NAMING), file_name="masque.pdf", by=desk.secretary)
    with pytest.raises(Refused, match="montre encore"):
        publish(desk, act)
    operations.deposit_masked(
        act=act, data=signed_pdf("Une concession est accordée."), file_name="masque.pdf", by=desk.secretary
    )
    assert publish(desk, act).sha256 == files.newest(act, FileRole.MASKED).sha256


def test_down_after_two_months_or_with_a_reason(desk):
    act = desk.published()
    made = act.publications.get()
    with pytest.raises(Refused, match="écrivez pourquoi"):
        operations.take_down(publication=made, on=today(), why="", by=desk.secretary)
    operations.take_down(publication=made, on=today(), why="Mauvais fichier.", by=desk.secretary)
    assert not queries.public().exists()
    again = publish(desk, act)
    Publication.objects.filter(pk=again.pk).update(up_on=today() - timedelta(days=70))
    operations.take_down(publication=again, on=today(), why="", by=desk.secretary)
    assert [one.down_why for one in act.publications.order_by("pk")] == ["Mauvais fichier.", ""]


def test_a_small_town_may_post_by_a_deliberation(desk):
    instance = desk.council.instance
    with pytest.raises(Refused, match="par une délibération"):
        operations.choose_way(instance=instance, way=Way.POSTING, since=today(), deliberation="", by=desk.secretary)
    operations.choose_way(
        instance=instance, way=Way.POSTING, since=today(), deliberation="2026-01-05", by=desk.secretary
    )
    act = desk.published()
    assert act.publications.get().way == Way.POSTING and not queries.public().exists()
    instance.populations.update(inhabitants=3500)
    with pytest.raises(Refused, match="sous 3 500 habitants"):
        operations.choose_way(instance=instance, way=Way.PAPER, since=today(), deliberation="x", by=desk.secretary)


def test_the_ccas_publishes_nothing(desk):
    act = desk.sign(desk.act())
    desk.council.instance.body = "ccas"
    desk.council.instance.save()
    with pytest.raises(Refused, match="jamais publics"):
        publish(desk, Act.objects.get(pk=act.pk))


def test_only_who_keeps_the_act(desk):
    act = desk.sign(desk.act())
    for person in (desk.town.elu, desk.town.technical, desk.town.outsider):
        with pytest.raises(PermissionDenied):
            operations.publish(act=act, up_on=today(), by=person)
        assert not queries.acts_kept_by(person).exists()
    assert list(queries.acts_kept_by(desk.secretary)) == [act]


def test_may_keep_and_the_list_agree(desk):
    desk.act()
    desk.sitting_acts()
    people = [
        desk.secretary,
        desk.town.admin,
        desk.town.elu,
        desk.town.communication,
        desk.town.technical,
        desk.town.outsider,
    ]
    for person in people:
        listed = set(queries.acts_kept_by(person))
        assert listed == {act for act in Act.objects.all() if queries.may_keep(person, act)}, person


def test_a_deliberation_becomes_an_act_and_its_life_is_known(desk):
    act = desk.sitting_acts()[0]
    assert (act.number, act.subject) == (act.deliberation.number, "Tarifs de la cantine")
    assert life_of(act.deliberation) is None
    desk.sign(act, text="Tarifs de la cantine")
    publish(desk, act)
    transmission.note_sent(act=act, way=SendingWay.ELECTRONIC, nature="1", on=today(), by=desk.secretary)
    transmission.note_received(act=act, on=today(), number="008-1", by=desk.secretary)
    assert life_of(act.deliberation) == Life(today(), "008-1", today(), "en ligne")
    sent = queries.transmission_of(act)
    assert queries.enforceable_on(act, sent) == today()


def test_the_clock_of_the_sitting_learns_when_its_acts_were_received_and_published(desk):
    first, *others = desk.sitting_acts()
    sitting = first.deliberation.sitting
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=sitting.starts_at - timedelta(days=9))
    Act.objects.update(decided_on=today() - timedelta(days=9))

    def steps():
        return dict(DoneStep.objects.filter(sitting=sitting).values_list("code", "on"))

    def receive(act, days):
        act, on = Act.objects.get(pk=act.pk), today() - timedelta(days=days)
        transmission.note_sent(act=act, way=SendingWay.ELECTRONIC, nature="1", on=on, by=desk.secretary)
        transmission.note_received(act=act, on=on, number="008-1", by=desk.secretary)

    for act in (first, *others):
        desk.sign(act, text=act.subject)
    receive(first, 5)
    receive(others[0], 3)
    publish(desk, first)
    assert steps() == {}
    transmission.note_sent(act=others[1], way=SendingWay.NONE, nature="1", on=None, by=desk.secretary)
    assert steps() == {"transmission": today() - timedelta(days=3)}
    transmission.note_received(act=first, on=today() - timedelta(days=1), number="008-1", by=desk.secretary)
    for act in others:
        publish(desk, act)
    assert steps() == {"transmission": today() - timedelta(days=1), "publication": today()}
    told = {row["code"]: row for row in clock_rows(SittingPage.objects.get(pk=sitting.pk), today())}
    assert told["transmission"]["words"].startswith("Fait le")
    assert told["publication_end"]["due"] == months_after(today(), 2)
    assert told["prefect_review_end"]["due"] == months_after(today() - timedelta(days=1), 2)


# What is corrected once the public has it.


def corrected(desk):
    """The tariffs, published, then corrected."""
    act = desk.sign(desk.sitting_acts()[0], text="Tarifs de la cantine")
    made = publish(desk, act)
    acts.correct(
        deliberation=act.deliberation,
        object="Tarifs de la cantine 2027",
        text="",
        reason="Année oubliée.",
        by=desk.secretary,
    )
    return Act.objects.get(pk=act.pk), made


def test_the_public_keeps_what_was_published_until_the_correction_is(desk):
    act, made = corrected(desk)
    assert queries.unpublished_correction(act).reason == "Année oubliée."
    assert queries.standing(act).words.startswith("Corrigé le")
    assert [(one.pk, one.subject) for one in queries.public()] == [(made.pk, "Tarifs de la cantine")]
    with pytest.raises(Refused, match="faites signer le texte corrigé"):
        publish(desk, act)
    assert [one.pk for one in queries.public()] == [made.pk]
    desk.sign(act, text="Tarifs de la cantine 2027")
    again = publish(desk, act)
    assert [(one.pk, one.subject) for one in queries.public()] == [(again.pk, "Tarifs de la cantine 2027")]
    assert again.sha256 != made.sha256 and queries.unpublished_correction(act) is None
    assert [(one.pk, one.down_why) for one in queries.replaced(again)] == [(made.pk, queries.REPLACED)]
    with pytest.raises(Refused, match="déjà publié"):
        publish(desk, act)
    with pytest.raises(Refused, match="on ne remplace pas un acte publié"):
        desk.sign(act)


def test_the_hash_of_what_showed_words_that_are_masked_since_is_told_no_more(desk):
    act, made = corrected(desk)
    desk.sign(act, text="Tarifs de la cantine 2027")
    operations.mask_more(act=act, words="cantine", reason="Essai", by=desk.secretary)
    again = publish(desk, act)
    assert [one.pk for one in queries.replaced(again)] == [made.pk]
    assert queries.told_of_replaced(again) == []


def test_what_a_correction_tells_of_people_holds_it(desk):
    act, made = corrected(desk)
    desk.sign(act, text=NAMING)
    with pytest.raises(Refused, match="masquez ou gardez chaque passage"):
        publish(desk, act)
    assert [one.pk for one in queries.public()] == [made.pk]
    for flag in act.flags.all():
        operations.choose(flag=flag, choice=Choice.MASKED, reason="Particulière.", by=desk.secretary)
    assert publish(desk, act).masked


def test_an_act_corrected_after_its_signature_is_not_published(desk):
    act = desk.sign(desk.sitting_acts()[0], text="Tarifs de la cantine")
    acts.correct(deliberation=act.deliberation, object="Tarifs", text="", reason="Plus court.", by=desk.secretary)
    with pytest.raises(Refused, match="après sa signature"):
        publish(desk, Act.objects.get(pk=act.pk))
    assert not Publication.objects.exists()


def test_what_is_masked_in_an_act_is_masked_in_the_public_minutes(desk):
    act = desk.sitting_acts()[0]
    acts.correct(
        deliberation=act.deliberation,
        object=act.subject,
        text=f"<p>{NAMING}</p>",
        reason="Amendement.",
        by=desk.secretary,
    )
    minutes.send(sitting=desk.sitting, by=desk.secretary)
    desk.following()
    minutes.approve(sitting=desk.sitting, remarks="Mme Jeanne Durand est remerciée.", by=desk.secretary)
    with pytest.raises(Refused, match=rf"Sur la fiche de chaque acte \({act.written}\)"):
        minutes.public_file(desk.sitting)
    desk.sign(Act.objects.get(pk=act.pk), text=NAMING)
    for flag in act.flags.all():
        operations.choose(flag=flag, choice=Choice.MASKED, reason="Particulière.", by=desk.secretary)
    with pypdfium2.PdfDocument(minutes.public_file(desk.sitting)) as document:
        shown = " ".join(page.get_textpage().get_text_range() for page in document)
    assert "Durand" not in shown and "Lilas" not in shown and "[donnée masquée]" in " ".join(shown.split())


def test_what_the_debates_alone_tell_of_people_is_masked_too(desk):
    desk.run()
    said = {desk.items[0].pk: "Mme Odile Roche, demeurant 3 rue du Four, s’étonne. Mme Odile Roche insiste."}
    minutes.type_discussions(sitting=desk.sitting, texts=said, by=desk.secretary)
    screen = desk.town.signed_in(desk.secretary).get(f"/p/{desk.sitting.pk}/pv/").content.decode()
    assert "La version à publier masquera" in screen and "sauf si la délibération le garde" in screen
    minutes.send(sitting=desk.sitting, by=desk.secretary)
    desk.following()
    minutes.approve(sitting=desk.sitting, remarks="", by=desk.secretary)
    with pypdfium2.PdfDocument(minutes.public_file(desk.sitting)) as document:
        shown = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    assert "Roche" not in shown and "rue du Four" not in shown and "[donnée masquée] insiste" in shown


# What is corrected once the préfet has it.


def sent_then_corrected(desk):
    """The tariffs, at the préfet and public, then corrected; the correction is signed and public too."""
    act = desk.sign(desk.sitting_acts()[0])
    transmission.note_sent(act=act, way=SendingWay.ELECTRONIC, nature="1", on=today(), by=desk.secretary)
    transmission.note_received(act=act, on=today(), number="008-AR-1", by=desk.secretary)
    operations.publish(act=act, up_on=today(), by=desk.secretary)
    acts.correct(
        deliberation=act.deliberation,
        object="Tarifs 2027",
        text="Fixe le repas à 3 €.",
        reason="Année oubliée.",
        by=desk.secretary,
    )
    return Act.objects.get(pk=act.pk)


def test_a_correction_goes_to_the_prefet_again_and_the_first_sending_stays(desk):
    act = sent_then_corrected(desk)
    first = queries.transmission_of(act)
    again = {"act": act, "way": SendingWay.ELECTRONIC, "nature": "1", "on": today(), "by": desk.secretary}
    assert (
        queries.sending_line(act) == f"Corrigé le {day(today())} depuis son envoi : à transmettre de nouveau au préfet"
    )
    assert queries.former_sendings(act) == [f"Reçu par le préfet le {day(today())} (AR 008-AR-1)"]
    with pytest.raises(Refused, match=r"a été corrigée le .*, après sa signature"):
        transmission.note_sent(**again)
    desk.sign(act, "Tarifs 2027, fixe le repas à 3 €.")
    operations.publish(act=act, up_on=today(), by=desk.secretary)
    act = Act.objects.get(pk=act.pk)
    assert queries.standing(act).words == "Corrigé : à transmettre au préfet"
    with pytest.raises(Refused, match="sa correction y va aussi"):
        transmission.note_sent(**again | {"way": SendingWay.NONE})
    transmission.note_sent(**again)
    act = Act.objects.get(pk=act.pk)
    assert queries.standing(act).tone == "done" and queries.correction_to_send(act) is None
    assert queries.sending_line(act).startswith("Version corrigée : envoyé au préfet le")
    transmission.note_sent(**again | {"way": SendingWay.PAPER})  # the wrong way was noted
    assert [one.way for one in act.resendings.all()] == [SendingWay.PAPER]
    transmission.note_received(act=act, on=today(), number="008-AR-2", by=desk.secretary)
    act = Act.objects.get(pk=act.pk)
    assert queries.sending_line(act) == f"Version corrigée : reçu par le préfet le {day(today())} (AR 008-AR-2)"
    with pytest.raises(Refused, match="son envoi ne change plus"):
        transmission.note_sent(**again)
    assert queries.receipts_of(act) == ["008-AR-1", "008-AR-2"]
    kept = queries.transmission_of(act)
    assert (kept.sent_on, kept.received_on, kept.receipt_number) == (first.sent_on, first.received_on, "008-AR-1")
    assert queries.enforceable_on(act, kept) == today()


def test_what_was_corrected_before_it_left_is_not_sent_again(desk):
    act = desk.sign(desk.sitting_acts()[0])
    acts.correct(deliberation=act.deliberation, object="Tarifs", text="", reason="Plus court.", by=desk.secretary)
    act = desk.sign(act, "Tarifs")
    transmission.note_sent(act=act, way=SendingWay.ELECTRONIC, nature="1", on=today(), by=desk.secretary)
    assert queries.correction_to_send(Act.objects.get(pk=act.pk)) is None


def test_what_does_not_go_to_the_prefet_is_not_sent_again(desk):
    act = desk.sign(desk.sitting_acts()[0])
    transmission.note_sent(act=act, way=SendingWay.NONE, nature="1", on=None, by=desk.secretary)
    acts.correct(deliberation=act.deliberation, object="Tarifs", text="", reason="Plus court.", by=desk.secretary)
    assert queries.correction_to_send(Act.objects.get(pk=act.pk)) is None


def test_of_an_item_closed_to_who_keeps_the_register_only_the_number_is_kept(desk):
    """One rule for the list, the sheet, the deeds: another responsable of the sitting, who reads the item, does the rest."""
    sealed, *others = desk.sitting_acts()
    access.reserve(page=sealed.deliberation.item, by=desk.town.admin, why="Affaire sensible")
    assert set(queries.numbers_kept_by(desk.secretary)) == {sealed, *others}
    assert set(queries.acts_kept_by(desk.secretary)) == set(others)
    assert [queries.may_keep(desk.secretary, act) for act in (sealed, *others)] == [False] + [True] * len(others)
    reach = reach_of(Viewer(desk.secretary))
    assert reach.sealed == {sealed.deliberation.item_id}
    for known in (queries.kept_within(reach), queries.read_within(reach)):
        assert set(known) == set(others)
    with pytest.raises(PermissionDenied):
        operations.deposit_signed(act=sealed, data=signed_pdf(), file_name="a.pdf", by=desk.secretary)
    told = dict(queries.told_to(desk.secretary, queries.numbers_kept_by(desk.secretary)))
    assert told[sealed] == queries.Told(f"{sealed} : affaire réservée", kept=False, standing=None)
    assert {told[act].title for act in others} == {f"{act} : {act.subject}" for act in others}
    rows = {row["title"]: row["url"] for row in queries.acts_of_sitting(desk.secretary, desk.sitting)}
    assert rows[f"{sealed} : affaire réservée"] == "" and not any(sealed.subject in title for title in rows)
