"""From a décision du maire to the public, in a browser: written, taken, signed, masked, published, read on a phone."""

import pytest
from playwright.sync_api import expect

from council.publication.models import Act
from tests.council.conftest import Council
from tests.council.publication.world import NAMING, Desk, signed_pdf

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_a_decision_from_its_draft_to_the_public(town, visitor, tmp_path):
    desk = Desk(Council(town))
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(signed_pdf(NAMING))
    secretary = visitor(width=820).sign_in(town.signed_in(desk.secretary))
    page = secretary.page
    page.goto("/conseil/decisions/nouvelle/")
    page.get_by_label("Objet").fill("Concession au cimetière")
    page.get_by_label("Matière déléguée").select_option(label="8° Concessions dans les cimetières")
    page.get_by_label("Matière", exact=True).select_option("3.5")
    page.get_by_label("Texte de la décision").fill(NAMING)
    page.get_by_role("button", name="Enregistrer le projet").click()
    page.get_by_role("button", name="Prendre la décision").click()
    page.get_by_role("link", name="Suivre l’acte").click()
    page.get_by_label("Acte signé, en PDF").set_input_files(scan)
    page.get_by_role("button", name="Déposer l’acte signé").click()
    for _ in range(2):  # a name with its address, a date of birth
        first = page.locator(".flags li").filter(has_not=page.locator(".tag")).first
        first.get_by_label("Raison").fill("Particulière")
        first.get_by_role("button", name="Masquer").click()
    page.get_by_role("button", name="Publier l’acte").click()
    page.get_by_role("link", name="La page publique").wait_for()
    act = Act.objects.get()
    public = visitor(width=390)
    public.page.goto("/actes/")
    public.page.get_by_role("link", name="Concession au cimetière").click()
    expect(public.page.get_by_text("Des données personnelles sont masquées")).to_be_visible()
    assert act.publications.get().sha256 in public.page.content()
    with public.page.expect_download() as got:
        public.page.get_by_role("link", name="Télécharger l’acte").click()
    assert got.value.suggested_filename == f"{act.number}.pdf"
    assert b"Durand" not in got.value.path().read_bytes()
    assert secretary.troubles == public.troubles == []
