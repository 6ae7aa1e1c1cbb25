"""Advice before submission: each thing to look at is found, and nothing is said of a page that has none."""

import pytest
from django.core.files.base import ContentFile

from kb.access import operations as access
from kb.access.models import Role
from kb.documents.extraction.operations import read_text
from kb.documents.models import Image
from kb.moderation import checks
from tests.pictures import png

pytestmark = pytest.mark.django_db


def titles(town, page):
    draft = page.get_latest_revision_as_object()
    return [advice.title for advice in checks.advice_on(draft, town.admin)]


def fine(town, body, **fields):
    return town.page("Note", body, summary="Deux lignes.", publish=False, **fields)


def test_a_good_page_has_no_advice(town):
    other = town.page("Autre")
    page = fine(town, f'<h2>Un</h2><h3>Deux</h3><p>Texte court. <a linktype="page" id="{other.pk}">Voir</a></p>')
    assert titles(town, page) == []


def test_each_advice_says_why_and_how_to_mend(town):
    draft = town.page("Note", "<h4>Loin</h4>", publish=False).get_latest_revision_as_object()
    found = checks.advice_on(draft, town.admin)
    assert [advice.title for advice in found] == ["Des titres sautent un niveau.", "La page n’a pas de résumé."]
    assert all(advice.why and advice.mend and not advice.wall for advice in found)
    assert found[0].found == ("« Loin »",)


def test_links_that_lead_nowhere(town):
    draft = town.page("Pas encore", publish=False)
    page = fine(
        town, f'<p><a linktype="page" id="987654">a</a> <a linktype="page" id="{draft.pk}">b</a> [[À écrire]]</p>'
    )
    advice = next(iter(checks.dead_links(page.get_latest_revision_as_object(), town.admin)))
    assert advice.found == (
        "1\u00a0lien vers une page qui n’existe plus",
        "« Pas encore » : pas encore publiée",
        "« À écrire » : page à créer",
    )


def test_the_title_of_a_hidden_page_is_not_told(town):
    hidden = town.page("Contentieux", author=town.admin, publish=False)
    access.reserve(page=hidden, by=town.admin)
    page = fine(town, f'<p><a linktype="page" id="{hidden.pk}">x</a></p>')
    assert list(checks.dead_links(page.get_latest_revision_as_object(), town.technical)) == []


def test_an_image_without_words(town):
    image = Image.objects.create(title="Plan", uploaded_by_user=town.admin, file=ContentFile(png(), "plan.png"))
    page = fine(town, "")
    draft = page.get_latest_revision_as_object()
    draft.body.append(("image", {"image": image, "alt_text": " ", "caption": ""}))
    draft.save_revision(user=town.admin)
    page.refresh_from_db()
    assert titles(town, page) == ["Une image n’a pas de description."]


def test_a_sentence_too_long(town):
    page = fine(town, "<p>" + "mot " * 40 + ". Une autre.</p>")
    assert titles(town, page) == ["1\u00a0phrase de plus de 35 mots."]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Virement sur FR76 3000 6000 0112 3456 7890 189.", "un numéro de compte (IBAN)"),
        ("N° 1 84 12 76 451 089 46 reçu.", "un numéro de sécurité sociale"),
        ("Léa Martin, née le 3 mars 1984.", "une date de naissance"),
        ("Mme Martin, 12 rue des Lilas.", "un nom avec son adresse"),
        ("M. Durand demande le RSA.", "une aide sociale liée à un nom"),
    ],
)
def test_personal_data(town, words, name):
    page = fine(town, f"<p>{words}</p>")
    advice = next(iter(checks.personal_data(page.get_latest_revision_as_object(), town.admin)))
    assert advice.found[0].startswith(f"{name} : «") and not advice.wall


@pytest.mark.parametrize(
    "words",
    [
        "Mme Martin préside.",
        "Le 12 rue des Lilas sera fermé.",
        "Le RSA passe à 646 €.",
        "SIRET 217 600 123 00015.",
        "Tél. 04 65 71 20 18.",
    ],
)
def test_what_is_not_personal(town, words):
    page = fine(town, f"<p>{words}</p>")
    assert list(checks.personal_data(page.get_latest_revision_as_object(), town.admin)) == []


def test_where_everybody_reads_it_is_a_wall(town):
    page = fine(town, "<p>Mme Martin, 12 rue des Lilas.</p>")
    access.give(page=page, grantee=access.Grantee(public=True), role=Role.READER, by=None)
    assert [wall.title for wall in checks.walls_of(page.get_latest_revision_as_object())] == [
        "Des données personnelles sont lisibles dans cette page."
    ]


def test_a_file_whose_text_cannot_be_read(town):
    page, document = fine(town, "<p>Texte</p>"), town.document(b"%PDF-1.4 mauvais", "scan.pdf")
    town.attach(page, document, publish=False)
    read_text(sha256=document.current_version.sha256, progress=lambda *far: None)
    assert titles(town, page) == ["Le texte d’une pièce jointe ne se lit pas."]
