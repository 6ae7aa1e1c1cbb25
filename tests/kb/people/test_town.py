"""« Commune »: set by administrators, shown to all; an emblem keeps its drawing and nothing that acts."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import ModelLogEntry

from kb.pages import operations as pages
from kb.people.emblem import NotAnEmblem, emblem_of
from kb.people.models import Town
from tests.pictures import png

HOSTILE = b"""<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10" onload="x()">
<script>x()</script><style>@import url(//a.example/x.css)</style><foreignObject><b xmlns="http://www.w3.org/1999/xhtml">x</b></foreignObject>
<a xlink:href="javascript:x()"><path d="M0 0h1"/></a><image href="//a.example/x.png"/><use href="//a.example/x.svg#a"/>
<g fill="url(//a.example/x)"><path d="M0 0h10v10z" fill="url(#ombre)" style="background:url(//a.example)" onclick="x()"/></g>
<text>&x;</text></svg>"""


def post(client, **data):
    return client.post("/commune/", {"phone": "", "address": "", **data})


def test_an_administrator_sets_the_telephone_the_address_and_the_emblem(town, django_capture_on_commit_callbacks):
    admin = town.signed_in(town.admin)
    assert "Valmorin-sur-Drise" in admin.get("/commune/").content.decode()
    picture = SimpleUploadedFile("blason.png", png())
    with django_capture_on_commit_callbacks(execute=True):
        done = post(admin, phone="04 75 00 00 00", address="1 place de la Mairie", picture=picture)
    assert done.url == "/commune/"
    now = Town.current()
    assert (now.phone, now.address, now.emblem_mime) == ("04 75 00 00 00", "1 place de la Mairie", "image/png")
    stranger = Client().get("/connexion/").content.decode()
    assert "04 75 00 00 00" in stranger and now.emblem_url in stranger
    served = Client().get(now.emblem_url)
    assert (served.status_code, served.headers["Content-Type"]) == (200, "image/png")
    assert "sandbox" in served.headers["Content-Security-Policy"]
    assert ModelLogEntry.objects.get(action="kb.town.change").user == town.admin
    post(admin, phone="1")  # the emblem stays
    assert Town.current().emblem.name == now.emblem.name


def test_nobody_else_sets_it(town, agent, publisher, reader):
    for client in (agent, publisher, reader):
        assert client.get("/commune/").status_code == 403
        assert post(client, phone="x").status_code == 403
    assert Client().get("/commune/").url == "/connexion/?next=/commune/"
    assert Town.current().phone == ""
    assert Client().get("/commune/embleme/").status_code == 404


def test_a_drawing_keeps_nothing_that_acts():
    kept, mime = emblem_of(HOSTILE)
    assert mime == "image/svg+xml"
    for part in (
        b"script",
        b"style",
        b"onload",
        b"onclick",
        b"href",
        b"example",
        b"foreign",
        b"passwd",
        b"root:",
        b"<a",
    ):
        assert part not in kept, kept
    assert b'd="M0 0h10v10z"' in kept and b'fill="url(#ombre)"' in kept and b'viewBox="0 0 10 10"' in kept


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<html></html>", b"\x89PNG\r\n\x1a\n" + b"x" * 50, b"x" * 300_001])
def test_another_file_is_refused_in_french_and_nothing_changes(town, data):
    with pytest.raises(NotAnEmblem, match=r"emblème|PNG"):
        emblem_of(data)
    if data:
        answer = post(town.signed_in(town.admin), phone="1", picture=io.BytesIO(data))
        assert answer.status_code == 200 and "error" in answer.content.decode()
        assert Town.current().phone == ""


def test_the_town_is_called_as_its_home_page(town):
    home = town.home.specific
    home.title = "Valmorin-le-Vieux"
    pages.publish_revision(page=home, revision=pages.save_draft(page=home, author=town.admin), author=town.admin)
    assert Town.current().name == "Valmorin-le-Vieux"
    assert "Valmorin-le-Vieux" in Client().get("/connexion/").content.decode()


def test_an_empty_town_says_what_to_begin_with(town, agent, reader):
    admin = town.signed_in(town.admin)
    steps = [step["title"] for step in admin.get("/").context["town"]["first_steps"]]
    assert steps == ["Créer un service", "Créer un projet", "Importer un fichier Word", "Ouvrir les comptes"]
    for step in admin.get("/").context["town"]["first_steps"]:
        assert admin.get(step["url"]).status_code == 200
    assert [step["title"] for step in agent.get("/").context["town"]["first_steps"]] == steps[:3]
    assert reader.get("/").context["town"]["first_steps"] == []
    town.page("Première")
    assert admin.get("/").context["town"]["first_steps"] == []
