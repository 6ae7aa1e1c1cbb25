"""The screens of acts: each works, then each refusal; and what the public reads without an account."""

import hashlib
import io
import json
import zipfile

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.acts import operations as papers
from council.follow_up import operations as follow_up
from council.publication import files, operations, queries, transmission
from council.publication.models import Act, Choice, SendingWay, Way
from kb.access import operations as access
from tests.council.publication.world import NAMING, signed_pdf

pytestmark = pytest.mark.django_db


def plain(answer):
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def text(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return plain(answer)


def read(answer):
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(b"".join(answer) if answer.streaming else answer.content) as document:
        found = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(found.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.fixture
def secretary(desk):
    return desk.town.signed_in(desk.secretary)


def upload(data=None, name="scan.pdf"):
    return SimpleUploadedFile(name, data or signed_pdf("Acte"), "application/pdf")


# Who keeps the acts.


def test_an_act_from_its_signature_to_the_public(desk, secretary):
    act = desk.act(NAMING, point=8)
    sheet = f"/conseil/actes/{act.pk}/"
    assert "Déposer l’acte signé" in text(secretary, sheet)
    assert secretary.post(f"{sheet}signe/", {"file": upload()}).status_code == 302
    shown = text(secretary, sheet)
    assert "La publication attend un choix" in shown and "Publier l’acte" not in shown
    refused = secretary.post(f"{sheet}publier/", {"up_on": timezone.localdate()})
    assert refused.status_code == 422 and "masquez ou gardez chaque passage" in plain(refused)
    for flag in act.flags.all():
        without = secretary.post(f"{sheet}passages/{flag.pk}/", {"choice": "masked", "reason": ""})
        assert without.status_code == 422 and "écrivez-la" in plain(without)
        done = secretary.post(f"{sheet}passages/{flag.pk}/", {"choice": "masked", "reason": "Particulière"})
        assert done.status_code == 302
    assert "Publier l’acte" in text(secretary, sheet)
    assert secretary.post(f"{sheet}publier/", {"up_on": timezone.localdate()}).status_code == 302
    assert "Le public lit la version masquée" in text(secretary, sheet)
    made = act.publications.get()
    assert "certifie que cet acte a été publié en ligne" in read(secretary.get(f"{sheet}certificat/{made.pk}.pdf"))
    assert secretary.post(f"{sheet}retirer/", {"down-on": timezone.localdate()}).status_code == 422
    assert (
        secretary.post(f"{sheet}retirer/", {"down-on": timezone.localdate(), "down-why": "Erreur"}).status_code == 302
    )
    assert Client().get(act.address).status_code == 404


def test_the_other_forms_of_the_sheet(desk, secretary):
    act = desk.act()
    sheet = f"/conseil/actes/{act.pk}/"
    assert secretary.post(f"{sheet}signe/", {"file": upload(b"Bonjour", "a.txt")}).status_code == 422
    assert secretary.post(f"{sheet}version-masquee/", {"masked-file": upload()}).status_code == 422
    secretary.post(f"{sheet}signe/", {"file": upload(signed_pdf(act.decision.text))})
    assert secretary.post(f"{sheet}masquer/", {"words": "comité des fêtes", "reason": "Litige"}).status_code == 302
    assert secretary.post(f"{sheet}masquer/", {"words": "inconnu", "reason": "Litige"}).status_code == 422
    assert secretary.post(f"{sheet}pieces/", {"annex-file": upload(b"a;b\n1;2\n", "plan.csv")}).status_code == 302
    assert secretary.post(f"{sheet}matiere/", {"matter-matter": "7.5"}).status_code == 302
    assert secretary.post(f"{sheet}matiere/", {"matter-matter": "7.99"}).status_code == 422
    assert "plan.csv" in text(secretary, sheet) and "7.5 Subventions" in text(secretary, sheet)
    with zipfile.ZipFile(io.BytesIO(secretary.get(f"{sheet}prefecture.zip").content)) as folder:
        told = json.loads(folder.read("bordereau.json"))
        assert sorted(folder.namelist()) == sorted(
            [f"{act.number}.pdf", "pieces/01-plan.csv", "bordereau.json", "bordereau.txt"]
        )
    assert told["numero"] == act.number and told["matiere"]["code"] == "7.5" and told["objet"] == act.subject
    assert act.number in read(secretary.get(f"{sheet}bordereau.pdf"))
    today = timezone.localdate()
    assert secretary.post(f"{sheet}envoi/", {"way": "electronic", "nature": "1", "on": today}).status_code == 302
    assert secretary.post(f"{sheet}reception/", {}).status_code == 422
    assert secretary.post(f"{sheet}reception/", {"receipt-number": "008-1", "receipt-on": today}).status_code == 302
    assert "Reçu par le préfet" in text(secretary, sheet) and "(AR 008-1)" in text(secretary, sheet)


def test_the_settings(desk, secretary):
    path, today = "/conseil/actes/reglages/", timezone.localdate()
    assert "la règle quand le conseil n’a rien choisi" in text(secretary, path)
    assert (
        secretary.post(path, {"which": "way", "way": "posting", "since": today, "deliberation": ""}).status_code == 422
    )
    done = secretary.post(path, {"which": "way", "way": "posting", "since": today, "deliberation": "2026-01-05"})
    assert done.status_code == 302 and "par la délibération 2026-01-05" in text(secretary, path)
    wrong = secretary.post(path, {"which": "identity", "siret": "21860194600014", "prefecture": ""})
    assert wrong.status_code == 422 and "un chiffre de travers" in plain(wrong)
    right = {"which": "identity", "siret": "21860194600013", "prefecture": "PREF086"}
    assert secretary.post(path, right).status_code == 302


def test_the_list_asks_as_much_for_one_act_as_for_three(desk, secretary):
    desk.sign(desk.act())
    text(secretary, "/conseil/actes/")
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            text(secretary, "/conseil/actes/")
        counted.append(len(asked))
        desk.sign(desk.act(NAMING, point=8))
        desk.act()
    assert counted[0] == counted[1]


def test_what_one_may_not_keep_does_not_exist(desk):
    act = desk.published()
    made = act.publications.get()
    sheet = f"/conseil/actes/{act.pk}/"
    for person in (desk.town.elu, desk.town.technical, desk.town.outsider):
        client = desk.town.signed_in(person)
        for path in (
            "",
            "signe.pdf",
            "prefecture.zip",
            "bordereau.pdf",
            f"certificat/{made.pk}.pdf",
            "suivi/",
            "taches/",
        ):
            assert client.get(f"{sheet}{path}").status_code == 404, path
        for path in (
            "signe/",
            "version-masquee/",
            "pieces/",
            "masquer/",
            "publier/",
            "retirer/",
            "matiere/",
            "envoi/",
            "reception/",
        ):
            assert client.post(f"{sheet}{path}").status_code == 404, path
    assert desk.town.signed_in(desk.town.elu).get("/conseil/actes/").status_code == 403
    assert desk.town.signed_in(desk.town.outsider).get("/conseil/actes/").status_code == 404
    assert Client().get(sheet)["Location"].endswith(f"?next={sheet}")


# The public.


def test_the_public_reads_an_act_without_an_account(desk):
    act = desk.published()
    made = act.publications.get()
    public = Client()
    assert act.subject in text(public, "/actes/") and act.subject in text(public, "/actes/?q=salle")
    assert act.subject not in text(public, "/actes/?q=piscine")
    assert act.subject in text(public, f"/actes/?annee={'9' * 5000}")  # not a year: no choice of one
    shown = text(public, act.address)
    for words in (made.sha256, "Hélène Marchetti, Maire", "Mis en ligne", "Adresse permanente"):
        assert words in shown
    assert 'name="robots"' not in shown
    answer = public.get(f"{act.address}acte.pdf")
    assert "Location de la salle des fêtes" in read(answer) and "X-Robots-Tag" not in answer.headers
    feed = public.get("/actes/flux.atom")
    assert feed["Content-Type"].startswith("application/atom+xml") and act.address in feed.content.decode()
    fragment = public.get("/actes/liste.html")
    assert act.subject in plain(fragment) and fragment["Access-Control-Allow-Origin"] == "*"
    assert "X-Frame-Options" not in fragment.headers and "frame-ancestors *" in fragment["Content-Security-Policy"]
    assert "<script" not in plain(fragment) and "<style" not in plain(fragment)


def test_the_public_reads_the_masked_version_and_its_hash_alone(desk):
    act = desk.sign(desk.act(NAMING, subject="Concession à Mme Jeanne Durand", point=8))
    for flag in act.flags.all():
        operations.choose(flag=flag, choice=Choice.MASKED, reason="Particulière", by=desk.secretary)
    made = operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    public = Client()
    for path in ("/actes/", act.address, "/actes/flux.atom", "/actes/liste.html"):
        assert "Durand" not in text(public, path), path
    shown = public.get(act.address)
    # The hash of the signed act would tell whoever guesses the words that he guessed right.
    assert made.sha256 in plain(shown) and made.signed_sha256 not in plain(shown)
    assert '<meta name="robots" content="noindex, nofollow">' in plain(shown)
    answer = public.get(f"{act.address}acte.pdf")
    assert "Durand" not in read(answer)
    assert answer["X-Robots-Tag"] == shown["X-Robots-Tag"] == "noindex, nofollow"


def test_of_an_item_in_huis_clos_the_public_reads_the_deliberation_and_nothing_of_what_was_said(desk):
    from council.acts.models import Discussion

    act = desk.sitting_acts()[0]
    Discussion.objects.create(
        sitting=desk.sitting, item=act.deliberation.item, text="zqxmarque-discussion à huis clos", by=desk.secretary
    )
    desk.sign(act, text="Tarifs de la cantine")
    operations.mask_more(act=act, words="Tarifs de la cantine", reason="Essai", by=desk.secretary)
    operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    public = Client()
    for path in ("/actes/", act.address, "/actes/flux.atom", "/actes/liste.html"):
        assert "zqxmarque" not in text(public, path), path
    shown = read(public.get(f"{act.address}acte.pdf"))
    assert "La délibération est adoptée" in shown and "zqxmarque" not in shown


def test_the_feed_stands_whatever_was_pasted_in_the_object_of_an_act(desk):
    act = desk.published(subject="Location\x0b de la salle <b>")
    feed = Client().get("/actes/flux.atom")
    assert feed.status_code == 200 and f"{act} : Location de la salle &lt;b&gt;" in feed.content.decode()


def test_what_is_not_online_is_not_there(desk):
    act = desk.sign(desk.act())
    public = Client()
    for path in (act.address, f"{act.address}acte.pdf", "/actes/inconnu/", "/actes/deliberations-1999.csv"):
        assert public.get(path).status_code == 404, path
    operations.choose_way(
        instance=desk.council.instance,
        way=Way.POSTING,
        since=timezone.localdate(),
        deliberation="2026-01-05",
        by=desk.secretary,
    )
    operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    assert public.get(act.address).status_code == 404
    assert act.subject not in text(public, "/actes/")
    made = act.publications.get()
    secretary = desk.town.signed_in(desk.secretary)
    assert "salle des fêtes" in read(secretary.get(f"/conseil/actes/{act.pk}/publie.pdf"))
    said = read(secretary.get(f"/conseil/actes/{act.pk}/certificat/{made.pk}.pdf"))
    assert "Certificat d’affichage" in said and "affiché à la mairie" in said


def test_the_public_list_asks_as_much_for_one_act_as_for_three(desk):
    desk.published()
    public = Client()
    text(public, "/actes/")
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            text(public, "/actes/")
        counted.append(len(asked))
        desk.published()
        desk.published()
    assert counted[0] == counted[1]


def test_a_signed_copy_of_the_signature_folder_is_examined(desk, secretary):
    from django.core.files.base import ContentFile

    from council.acts.models import SignedCopy

    act = desk.sitting_acts()[0]
    data = signed_pdf("Mme Jeanne Durand, 12 rue des Lilas, est entendue.")
    SignedCopy.objects.create(
        sitting=desk.sitting,
        paper="deliberation",
        deliberation=act.deliberation,
        file=ContentFile(data, "s.pdf"),
        file_name="s.pdf",
        mime="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        by=desk.secretary,
    )
    sheet = f"/conseil/actes/{act.pk}/"
    assert "pas encore examiné" in text(secretary, sheet)
    assert secretary.post(f"{sheet}examen/").status_code == 302
    assert "Mme Jeanne Durand, 12 rue des Lilas" in text(secretary, sheet)


# The acknowledgement.


def xml(number):
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?><actes:ARActe xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216" '
        f'actes:DateReception="{timezone.localdate()}" actes:IDActe="008-210800123-20261013-{number}-DE"/>'
    ).encode()


def test_dropping_the_acknowledgement_fills_number_and_date(desk, secretary):
    act, other = desk.sign(desk.act()), desk.sign(desk.act())
    sheet, today = f"/conseil/actes/{act.pk}/", timezone.localdate()
    stranger = secretary.post(f"{sheet}reception/", {"receipt-file": upload(xml(other.number), "ar.xml")})
    assert stranger.status_code == 422 and f"celui de l’acte {other.number}" in plain(stranger)
    assert secretary.post(f"{sheet}reception/", {"receipt-file": upload(xml(act.number), "ar.xml")}).status_code == 302
    row = queries.transmission_of(Act.objects.get(pk=act.pk))
    assert (row.received_on, row.receipt_number) == (today, f"008-210800123-20261013-{act.number}-DE")
    paper = signed_pdf(
        f"Accusé de réception en préfecture 008-210800123-20261013-{other.number}-DE. Date de réception : {today:%d/%m/%Y}"
    )
    transmission.drop_receipt(act=other, data=paper, file_name="ar.pdf", by=desk.secretary)
    assert queries.transmission_of(other).received_on == today
    unread = secretary.post(f"/conseil/actes/{other.pk}/reception/", {"receipt-file": upload(signed_pdf("Bonjour"))})
    assert unread.status_code == 422 and "écrivez-les à la main" in plain(unread)


def test_an_act_that_the_law_does_not_send(desk):
    act = desk.published()
    row = transmission.note_sent(act=act, way=SendingWay.NONE, nature="1", on=None, by=desk.secretary)
    assert queries.enforceable_on(act, row) == timezone.localdate()


def test_a_corrected_act_is_to_be_sent_again_and_the_sheet_offers_it(desk, secretary):
    act, today = desk.sign(desk.sitting_acts()[0], text="Tarifs de la cantine"), timezone.localdate()
    transmission.note_sent(act=act, way=SendingWay.ELECTRONIC, nature="1", on=today, by=desk.secretary)
    transmission.note_received(act=act, on=today, number="008-AR-1", by=desk.secretary)
    operations.publish(act=act, up_on=today, by=desk.secretary)
    papers.correct(deliberation=act.deliberation, object="Tarifs 2027", text="", reason="Année", by=desk.secretary)
    desk.sign(act, text="Tarifs 2027")
    sheet, again = f"/conseil/actes/{act.pk}/", "envoyez-lui l’acte corrigé"
    assert again not in text(secretary, sheet)  # the publication comes first
    operations.publish(act=act, up_on=today, by=desk.secretary)
    shown = text(secretary, sheet)
    assert again in shown and "à transmettre de nouveau au préfet" in shown
    assert "Premier envoi : Reçu par le préfet le" in plain(secretary.get(sheet)) and "008-AR-1" in shown
    assert "Corrigé : à transmettre au préfet" in plain(secretary.get("/conseil/actes/"))
    sent = secretary.post(f"{sheet}envoi/", {"way": "electronic", "nature": "1", "on": today.isoformat()})
    assert sent.status_code == 302
    shown = plain(secretary.get(sheet))
    assert again not in shown and "Version corrigée : envoyé au préfet le" in shown and "008-AR-1" in shown


def test_a_correction_is_flagged_on_the_sheet_then_published_in_place_of_what_was(desk, secretary):
    act = desk.sign(desk.sitting_acts()[0], text="Tarifs de la cantine")
    made = operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    sheet = f"/conseil/actes/{act.pk}/"
    assert "depuis sa publication" not in text(secretary, sheet)
    papers.correct(deliberation=act.deliberation, object="Tarifs 2027", text="", reason="Année", by=desk.secretary)
    shown = text(secretary, sheet)
    assert 'depuis sa publication : <a href="#publication">publier la correction</a>' in shown
    assert "Il a été signé avant la correction." in shown and "Publier la correction" not in shown
    assert "depuis sa publication" in text(secretary, "/conseil/actes/")
    assert "Tarifs 2027" not in text(Client(), act.address) and made.sha256 in text(Client(), act.address)
    assert secretary.post(f"{sheet}signe/", {"file": upload(signed_pdf("Tarifs 2027"))}).status_code == 302
    shown, signed = text(secretary, sheet), files.signed_of(act)
    assert "Publier la correction" in shown and made.sha256 in shown and signed.sha256 in shown
    assert secretary.post(f"{sheet}publier/", {"up_on": timezone.localdate()}).status_code == 302
    assert "depuis sa publication" not in text(secretary, sheet)
    public = text(Client(), act.address)
    assert "Tarifs 2027" in public and "Version corrigée" in public
    assert made.sha256 in public and signed.sha256 in public


def test_the_register_tells_of_a_sealed_act_its_number_alone(desk, secretary):
    sealed = desk.sitting_acts()[0]
    follow_up.give_task(
        act=sealed, what="Zqxtâche", owner=desk.town.admin, service="", due=timezone.localdate(), by=desk.town.admin
    )
    access.reserve(page=sealed.deliberation.item, by=desk.town.admin, why="Affaire sensible")
    for path in ("/conseil/actes/", f"/p/{desk.sitting.pk}/", f"/conseil/{sealed.instance_id}/suivi/"):
        shown = text(secretary, path)
        assert (
            sealed.subject not in shown and "Zqxtâche" not in shown and f"/conseil/actes/{sealed.pk}/" not in shown
        ), path
    assert f"{sealed} : affaire réservée" in text(secretary, "/conseil/actes/")
    assert f"{sealed} : affaire réservée" in text(secretary, f"/p/{desk.sitting.pk}/")
    for rest in ("", "signe.pdf", "publie.pdf", "prefecture.zip", "bordereau.pdf", "suivi/", "taches/"):
        assert secretary.get(f"/conseil/actes/{sealed.pk}/{rest}").status_code == 404, rest
    for rest in ("signe/", "publier/", "matiere/", "envoi/", "pieces/", "masquer/", "examen/"):
        assert secretary.post(f"/conseil/actes/{sealed.pk}/{rest}", {"file": upload()}).status_code == 404, rest
