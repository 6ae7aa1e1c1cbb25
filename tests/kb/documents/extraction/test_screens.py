"""The health of a file where it is shown, its text for who may read it, reading again for who may edit it."""

import pytest

from kb.documents.extraction.models import ExtractedPage, Extraction
from kb.typography import NBSP
from kb.work import operations as work
from kb.work.models import Job
from tests.kb.documents.extraction import made
from tests.kb.documents.made_files import docx, pdf


@pytest.fixture
def minutes(town):
    """A PDF of two pages on a published page, and read."""
    document = town.document(made.pdf(made.written("Séance du 12 mars"), made.written("<b>Levée</b>")), "pv.pdf")
    page = town.attach(town.page("Conseil"), document)
    work.drain()
    return document, page


def html(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_page_says_the_health_of_what_it_carries(minutes, reader):
    document, page = minutes
    shown = html(reader.get(f"/p/{page.pk}/"))
    assert f"Texte trouvé (2{NBSP}pages)" in shown
    assert f'href="/documents/{document.pk}/v1/texte/"' in shown


def test_the_health_is_not_kept_with_the_page(town, reader):
    from django.core.cache import cache

    document = town.document(b"Bonjour", "note.txt")
    page = town.attach(town.page("Note"), document)
    assert "Lecture en attente" in html(reader.get(f"/p/{page.pk}/"))
    work.drain()
    cache.clear()  # five seconds later
    assert "Texte trouvé" in html(reader.get(f"/p/{page.pk}/"))


def test_health_costs_no_query_from_one_reader_to_the_next(minutes, reader, django_assert_num_queries):
    from kb.documents.presentation import with_kept_health

    rows = [{"sha256": minutes[0].current_version.sha256}, {"sha256": "0" * 64}]
    with django_assert_num_queries(1):
        first = with_kept_health(rows)
    with django_assert_num_queries(0):
        assert with_kept_health(rows) == first
        assert with_kept_health([]) == []


def test_the_text_of_a_version_page_by_page(minutes, reader):
    document, _ = minutes
    shown = html(reader.get(f"/documents/{document.pk}/v1/texte/"))
    assert '<section id="page-1"><h2 class="section-title">Page 1</h2><p>Séance du 12 mars</p>' in shown
    assert "&lt;b&gt;Levée&lt;/b&gt;" in shown


def test_the_text_is_hidden_from_who_may_not_read_the_bytes(town, reader, client):
    document = town.document(b"Brouillon", "brouillon.txt", author=town.technical)
    work.drain()
    assert reader.get(f"/documents/{document.pk}/v1/texte/").status_code == 404
    assert client.get(f"/documents/{document.pk}/v1/texte/").status_code == 404
    assert "Brouillon" in html(town.signed_in(town.technical).get(f"/documents/{document.pk}/v1/texte/"))


def test_a_version_without_text_has_no_page_of_text(town, publisher):
    document = town.document(pdf(2), "blanc.pdf")
    work.drain()
    assert publisher.get(f"/documents/{document.pk}/v1/texte/").status_code == 404


def test_the_sheet_says_why_a_file_is_unreadable_and_the_way_out(town, agent):
    document = town.document(docx()[:300], "compte-rendu.docx")
    town.attach(town.page("Note"), document)
    work.drain()
    shown = html(agent.get(f"/documents/{document.pk}/fiche/"))
    assert "Illisible : le fichier est incomplet ou abîmé</span>" in shown
    assert "<p>Vérifiez qu’il s’ouvre sur votre poste, puis remplacez-le.</p>" in shown
    assert "Relancer la lecture du texte" in shown


def test_reading_again_for_who_edits_the_document(minutes, agent, reader):
    document, page = minutes
    address = f"/documents/{document.pk}/v1/relire/"
    assert "Relancer la lecture" not in html(reader.get(f"/documents/{document.pk}/fiche/"))
    assert reader.post(address).status_code == 403
    assert agent.get(address).status_code == 405
    assert Extraction.objects.get().state == "ok"
    assert agent.post(address).url == f"/documents/{document.pk}/fiche/"
    assert Extraction.objects.get().state == "waiting"
    assert agent.post(address, {"next": f"/p/{page.pk}/"}).url == f"/p/{page.pk}/"
    assert agent.post(address, {"next": "https://ailleurs.example/"}).url == f"/documents/{document.pk}/fiche/"
    assert Job.objects.filter(kind="extraction", state="waiting").count() == 1


def test_the_admin_says_the_health_on_the_document(minutes, town):
    document, _ = minutes
    shown = html(town.signed_in(town.admin).get(f"/admin/documents/edit/{document.pk}/"))
    assert f"Texte trouvé (2{NBSP}pages)." in shown


def test_the_register_filters_and_reads_a_filter_again(minutes, town):
    bad = town.document(docx()[:300], "abîmé.docx")
    work.drain()
    admin = town.signed_in(town.admin)
    everything = html(admin.get("/admin/kb/extraction/"))
    assert f'<a href="/documents/{bad.pk}/fiche/">Abîmé</a>' in everything
    assert "Relancer ces lectures" not in everything
    chosen = html(admin.get("/admin/kb/extraction/?state__exact=failed"))
    assert "Abîmé" in chosen
    assert ">Pv</a>" not in chosen
    assert 'name="state" value="failed"' in chosen
    of_a_reason = html(admin.get("/admin/kb/extraction/?raison=damaged"))
    assert "Abîmé" in of_a_reason and ">Pv</a>" not in of_a_reason and 'name="reason" value="damaged"' in of_a_reason
    assert "?raison=no_tesseract" not in everything  # no file has it
    answer = admin.post("/textes/relancer/", {"state": "failed", "next": "/admin/kb/extraction/?state__exact=failed"})
    assert answer.url == "/admin/kb/extraction/?state__exact=failed"
    assert sorted(Extraction.objects.values_list("state", flat=True)) == ["ok", "waiting"]
    assert "docx" in html(admin.get("/admin/kb/extraction/?kind=docx"))
    assert admin.get(f"/admin/kb/extraction/inspect/{Extraction.objects.first().pk}/").status_code == 200


def test_the_register_leaves_as_a_table(minutes, town):
    answer = town.signed_in(town.admin).get("/admin/kb/extraction/?export=csv")
    rows = b"".join(answer.streaming_content).decode().splitlines()
    sha256 = minutes[0].current_version.sha256
    assert rows[1].startswith(f"Pv,{sha256},pdf,ok,texte trouvé (2{NBSP}pages),2,")


def test_the_register_without_a_filter_asks_to_choose(minutes, town):
    admin = town.signed_in(town.admin)
    shown = html(admin.post("/textes/relancer/", follow=True))
    assert "Choisissez d’abord un état, un type de fichier ou une raison" in shown
    assert Extraction.objects.get().state == "ok"


def test_the_register_is_the_administrators(minutes, agent, publisher):
    for nobody in (agent, publisher):
        assert nobody.get("/admin/kb/extraction/").status_code == 404
        assert nobody.post("/textes/relancer/", {"state": "ok"}).status_code == 403
    assert Extraction.objects.get().state == "ok"


def test_the_register_of_many_files_costs_the_same(town, django_assert_max_num_queries):
    admin = town.signed_in(town.admin)
    town.document(b"Un", "1.txt")
    admin.get("/admin/kb/extraction/")
    with django_assert_max_num_queries(40) as one:
        admin.get("/admin/kb/extraction/")
    for number in range(2, 5):
        town.document(f"{number}".encode(), f"{number}.txt")
    with django_assert_max_num_queries(40) as four:
        admin.get("/admin/kb/extraction/")
    assert len(one) == len(four)


def test_recognised_pages_say_so(minutes, reader):
    document, _ = minutes
    ExtractedPage.objects.filter(number=2).update(by_ocr=True)
    shown = html(reader.get(f"/documents/{document.pk}/v1/texte/"))
    assert shown.count("Page numérisée, lue par reconnaissance : des fautes sont possibles.") == 1
