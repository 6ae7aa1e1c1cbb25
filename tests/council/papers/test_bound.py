"""The dossier of a sitting: bound by the worker, once as it stands, for who may read all of it."""

import io
import zipfile
from datetime import date, timedelta

import pypdfium2
import pytest
from django.utils import timezone

from council.agenda import operations as agenda
from council.agenda.enums import Channel
from council.items.models import ItemAdvice, Sense
from council.members.models import Instance
from council.offline import queries as offline
from council.papers import operations, tasks
from council.papers.content import Papers
from council.papers.models import BoundDossier, Shape
from kb.exchange import pdf as paper
from kb.pages import operations as pages
from kb.permissions import Viewer
from kb.work.models import Job
from kb.work.operations import drain
from tests.council.papers.test_binding import pdf, texts

ANNEX = pdf(3)
pytestmark = pytest.mark.skipif(not paper.is_available(), reason="Pango is not installed")


@pytest.fixture
def sitting(town, council):
    """A sitting convened: two items, one with an annex of three pages."""
    sitting = council.sitting()
    first = council.item(sitting, "Tarifs de la cantine", body="<p>Le conseil <b>décide</b>.</p>", note="Une note.")
    pages.attach_document(page=first, document=town.document(ANNEX, "tarifs.pdf"), author=town.admin)
    council.item(sitting, "Réfection de l’école", note="Une autre.")
    return sitting


@pytest.fixture
def convened(sitting, council):
    agenda.record_convocation(
        sitting=sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="Courriel", by=council.secretary
    )
    sitting.refresh_from_db()
    return sitting


def made(client, sitting, shape="pdf"):
    """Asked for, bound, taken."""
    address = f"/p/{sitting.pk}/dossier/{shape}/"
    assert client.post(address)["Location"] == address
    drain()
    answer = client.get(f"{address}fichier/")
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_an_elu_takes_the_whole_in_one_file(reader, convened):
    address = f"/p/{convened.pk}/dossier/pdf/"
    assert address in reader.get(f"/p/{convened.pk}/").content.decode()
    assert "Préparer le dossier" in reader.get(address).content.decode()
    data = made(reader, convened)
    words = " ".join(" ".join(texts(data)).split())
    assert len(pypdfium2.PdfDocument(data)) == 2 + 1 + 3 + 1
    for said in ("Tarifs de la cantine", "Le conseil décide.", "Une note.", "Réfection de l’école", "salle du conseil"):
        assert said in words
    assert "Brouillon" not in words
    assert "Le dossier est prêt : 7\u00a0pages" in reader.get(address).content.decode()


@pytest.fixture
def advised(council, sitting):
    """The first item's matière, and what two commissions said of it."""
    item = council.item(sitting, "Vente du presbytère", matter="3.2", behind_closed_doors=True)
    finances, works = (Instance.objects.create(name=name, body="commission") for name in ("Finances", "Travaux"))
    draft = item.get_latest_revision_as_object()
    draft.advices = [
        ItemAdvice(commission=finances, given_on=date(2026, 5, 4), sense=Sense.RESERVED, words="Au prix des domaines."),
        ItemAdvice(commission=works, given_on=date(2026, 5, 6), sense=Sense.AGAINST),
    ]
    pages.save_draft(page=draft, author=council.secretary)
    return sitting


ADVICES = (
    "Huis clos proposé",
    "Matière : 3.2 Aliénations",
    "Finances : Favorable avec réserves, le 4 mai 2026 Au prix des domaines.",
    "Travaux : Défavorable, le 6 mai 2026",
)


def test_the_matiere_and_the_advices_of_commissions_are_printed_as_the_screen_shows_them(
    town, council, reader, advised
):
    draft = " ".join(" ".join(texts(made(town.signed_in(council.secretary), advised))).split())
    agenda.record_convocation(
        sitting=advised, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="Courriel", by=council.secretary
    )
    frozen = " ".join(" ".join(texts(made(reader, advised))).split())
    for words in (draft, frozen):
        assert [said for said in ADVICES if words.count(said) != 1] == []
        assert words.count("Avis des commissions") == 1  # an item of which nobody said anything prints no title


def test_it_is_bound_once_as_it_stands(reader, agent, convened):
    made(reader, convened)
    jobs = Job.objects.filter(kind="dossier").count()
    made(agent, convened)
    assert (BoundDossier.objects.count(), Job.objects.filter(kind="dossier").count()) == (1, jobs)


def test_a_dossier_whose_file_is_lost_says_so_and_is_bound_again(reader, town, convened):
    address = f"/p/{convened.pk}/dossier/pdf/"
    made(reader, convened)
    bound = BoundDossier.objects.get()
    bound.file.storage.delete(bound.file.name)
    shown = reader.get(address).content.decode()
    assert "son fichier n’est plus sur le serveur" in shown and "Préparer le dossier" in shown
    assert "Le dossier est prêt" not in shown and "data-refresh" not in shown
    assert reader.get(f"{address}fichier/")["Location"] == address
    kept = offline.kept(Viewer(town.elu), [convened.pk])[str(convened.pk)]["entries"]
    assert address not in [entry["url"] for entry in kept]
    assert made(reader, convened).startswith(b"%PDF")
    assert "Le dossier est prêt : 7\u00a0pages" in reader.get(address).content.decode()


def test_a_draft_dossier_is_for_who_prepares_and_follows_the_drafts(town, council, reader, sitting):
    client = town.signed_in(council.secretary)
    assert "Brouillon : la séance n’est pas convoquée." in " ".join(" ".join(texts(made(client, sitting))).split())
    assert reader.get(f"/p/{sitting.pk}/dossier/pdf/").status_code == 404
    council.item(sitting, "Un point de plus")
    assert "Préparer le dossier" in client.get(f"/p/{sitting.pk}/dossier/pdf/").content.decode()
    assert "Un point de plus" in " ".join(" ".join(texts(made(client, sitting))).split())
    assert BoundDossier.objects.count() == 1  # what no longer stands is not kept


def test_who_does_not_read_the_sitting_knows_of_no_dossier(town, convened, client):
    outsider = town.signed_in(town.outsider)
    for address in (f"/p/{convened.pk}/dossier/pdf/", f"/p/{convened.pk}/dossier/pdf/fichier/"):
        assert outsider.get(address).status_code == 404
        assert client.get(address)["Location"].startswith("/connexion/")
    assert outsider.post(f"/p/{convened.pk}/dossier/pdf/").status_code == 404
    page = town.page("Une page")
    assert town.signed_in(town.admin).get(f"/p/{page.pk}/dossier/pdf/").status_code == 404
    assert town.signed_in(town.admin).get(f"/p/{convened.pk}/dossier/autre/").status_code == 404


def test_the_zip_holds_the_files_as_they_were_deposited(reader, convened):
    packed = zipfile.ZipFile(io.BytesIO(made(reader, convened, "zip")))
    assert packed.namelist() == ["Dossier de séance.pdf", "1 Tarifs de la cantine/01 tarifs.pdf"]
    assert packed.read("1 Tarifs de la cantine/01 tarifs.pdf") == ANNEX


def test_the_dossier_of_a_sitting_to_come_is_ready_before_it_is_asked_for(convened):
    tasks.keep_ready()
    drain()
    assert operations.standing(Papers(convened), Shape.PDF).file
    tasks.keep_ready()
    assert Job.objects.filter(kind="dossier", state="waiting").count() == 0
    convened.starts_at = timezone.now() - timedelta(days=1)
    type(convened).objects.filter(pk=convened.pk).update(starts_at=convened.starts_at)
    BoundDossier.objects.all().delete()
    tasks.keep_ready()
    assert not BoundDossier.objects.exists()


def test_a_job_asked_for_before_a_change_binds_nothing(town, council, sitting):
    bound = operations.ask(sitting=sitting, shape="pdf", by=council.secretary)
    council.item(sitting, "Un point de plus")
    operations.bind(bound.pk)
    assert not BoundDossier.objects.exists()


def test_queries_do_not_follow_the_number_of_items(reader, council, convened, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        reader.get(f"/p/{convened.pk}/dossier/pdf/")
