"""Pages leave as PDF, Word and ODT: tagged, with the town's header, with the reader's rights, fetching nothing."""

import io
import socket
import threading
import zipfile

import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile

from kb.documents.models import Image
from kb.exchange import exports, printing
from kb.exchange.models import Export
from kb.pages import tree as trees
from kb.permissions import Viewer
from kb.work import operations as work
from tests.pictures import png


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


@pytest.fixture
def page(town):
    image = Image.objects.create(title="Plan", uploaded_by_user=town.admin, file=ContentFile(png(), "plan.png"))
    hidden = town.page("Note secrète", publish=False)
    from kb.pages import operations as pages
    from kb.pages.models import ProjectPage

    body = [
        ("paragraph", f'<h2>Pourquoi</h2><p>Voir <a linktype="page" id="{hidden.pk}">la note</a> et [[Inconnue]].</p>'),
        ("image", {"image": image, "alt_text": "Le plan", "caption": "Plan du rez-de-chaussée"}),
        (
            "table",
            {
                "caption": "Lots",
                "table": {"data": [["Lot", "Montant"], ["1", "212 400 €"]], "first_row_is_table_header": True},
            },
        ),
    ]
    return pages.create_page(
        parent=town.home,
        page=ProjectPage(title="École des Tilleuls", body=body, budget=486000),
        author=town.admin,
        publish=True,
    )


def test_a_tagged_pdf(page, reader):
    answer = reader.get(f"/p/{page.pk}/export.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.Lang == "fr"
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.docinfo["/Title"] == "École des Tilleuls"
    words = text_of(answer.content)
    assert "Valmorin-sur-Drise" in words and "212 400" in words and "Plan du rez-de-chaussée" in words
    assert "page à créer" not in words
    assert "note-secrete" not in answer.content.decode("latin-1")


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_word_and_odt_carry_the_town_and_the_image(page, reader, kind):
    answer = reader.get(f"/p/{page.pk}/export.{kind}")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        header = archive.read("word/town-header.xml" if kind == "docx" else "styles.xml").decode()
        text = archive.read("word/document.xml" if kind == "docx" else "content.xml").decode()
        footer = archive.read("word/town-footer.xml" if kind == "docx" else "styles.xml").decode()
    assert "Valmorin-sur-Drise – École des Tilleuls" in header
    assert "Valmorin-sur-Drise, exporté le " in footer
    assert all(field in footer for field in (("PAGE", "NUMPAGES") if kind == "docx" else ("page-number", "page-count")))
    assert text.count("École des Tilleuls") == 1  # the title, once
    assert "Valmorin-sur-Drise" not in text  # the town stands in the header
    assert "212 400" in text
    assert any(name.endswith(".png") for name in names)


@pytest.mark.parametrize("kind", ["pdf", "docx", "odt"])
def test_what_leaves_offers_nothing_to_create(town, page, kind):
    """Even made by somebody who may create the page: the file is read by others."""
    node = trees.current().nodes[page.pk]
    made = exports.bytes_of([node], Viewer(town.admin), kind)
    if kind == "pdf":
        words = text_of(made)
        assert "et Inconnue." in words
    else:
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            words = "\n".join(
                archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))
            )
        assert "Inconnue" in words
    assert "page à créer" not in words
    assert "/creer/" not in words


def test_paper_carries_the_first_page_of_files_that_one_may_read(town, page, monkeypatch):
    document = town.document(png(), "plan.png")
    version = document.versions.get()
    version.thumbnail.save("t.png", ContentFile(png(60, 78)))
    town.attach(page, document)
    node, tree = trees.current().nodes[page.pk], trees.current()
    carried = '<img class="paper-thumbnail" src="data:image/png;base64,'
    shown = printing.document([node], tree, Viewer(town.elu), base_url="http://x")
    assert carried in shown.html
    assert carried not in printing.document([node], tree, Viewer(town.elu), base_url="http://x", paper=False).html
    monkeypatch.setattr(printing.permissions, "readable_versions", lambda user: type(version).objects.none())
    kept = printing.document([node], tree, Viewer(town.elu), base_url="http://x").html
    assert carried not in kept and "vignette" not in kept


def test_a_branch_is_made_by_the_worker_with_the_rights_of_who_asks(town, page, reader):
    town.page("Publiée", "<p>Mots publics</p>", under=page)
    town.page("Brouillon", "<p>Mots cachés</p>", under=page, publish=False)
    answer = reader.post(f"/p/{page.pk}/exporter/", {"format": "pdf"})
    export = Export.objects.get()
    assert answer.url == f"/exports/{export.pk}/"
    assert "Vous pouvez quitter cette page" in reader.get(answer.url).content.decode()
    assert work.drain() >= 1
    made = reader.get(f"/exports/{export.pk}/fichier/")
    words = text_of(b"".join(made.streaming_content))
    assert "Mots publics" in words
    assert "Mots cachés" not in words
    assert town.signed_in(town.admin).get(f"/exports/{export.pk}/fichier/").status_code == 404  # made for another


def pages_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def test_a_branch_in_pdf_begins_with_its_contents(town, page, reader):
    below = town.page("Chantier", "<p>Mots du chantier</p>", under=page)
    lot = town.page("Lot 2", "<p>Mots du lot</p>", under=below)
    reader.post(f"/p/{page.pk}/exporter/", {"format": "pdf"})
    work.drain()
    body = b"".join(reader.get(f"/exports/{Export.objects.get().pk}/fichier/").streaming_content)
    sheets = pages_of(body)
    where = {
        title: 1 + next(n for n, text in enumerate(sheets) if words in text)
        for title, words in (
            ("École des Tilleuls", "Plan du rez-de-chaussée"),
            ("Chantier", "Mots du chantier"),
            ("Lot 2", "Mots du lot"),
        )
    }
    lines = [line.strip() for line in sheets[0].splitlines() if ". ." in line]
    assert [(line.split(" . ")[0].rstrip(" ."), int(line.split()[-1])) for line in lines] == list(where.items())
    with pikepdf.open(io.BytesIO(body)) as pdf:
        led_to = {str(link.Dest) for link in pdf.pages[0].Annots}
        assert led_to == {f"page-{pk}" for pk in (page.pk, below.pk, lot.pk)}
        assert pdf.Root.MarkInfo.Marked


def test_one_page_has_no_contents(page, reader):
    assert "Dans ce document" not in text_of(reader.get(f"/p/{page.pk}/export.pdf").content)


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_a_branch_leaves_as_word_and_odt(town, page, reader, kind):
    town.page("Chantier", "<p>Mots du chantier</p>", under=page)
    assert f'name="format" value="{kind}"' in reader.get(f"/p/{page.pk}/").content.decode()
    reader.post(f"/p/{page.pk}/exporter/", {"format": kind})
    work.drain()
    body = b"".join(reader.get(f"/exports/{Export.objects.get().pk}/fichier/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        text = archive.read("word/document.xml" if kind == "docx" else "content.xml").decode()
    assert "Mots du chantier" in text and text.index("Dans ce document") < text.index("212 400")


def test_nothing_is_fetched(town):
    """A page that names a server of its own: a listening socket hears nothing."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(4)
        port = server.getsockname()[1]

        def listen() -> None:
            try:
                heard.append(server.accept()[0].recv(1000))
            except OSError:  # nobody came
                return

        listener = threading.Thread(target=listen)
        listener.start()
        there = f"http://127.0.0.1:{port}/x.png"
        body = f'<p><a href="{there}">lien</a><img src="{there}"><embed embedtype="media" url="{there}"/></p>'
        page = town.page("Piège", body)
        node = trees.current().nodes[page.pk]
        for target in ("pdf", "docx", "odt"):
            assert exports.bytes_of([node], Viewer(town.admin), target)
        listener.join()
    assert heard == []


def test_a_reader_exports_what_he_reads(town, reader):
    draft = town.page("Brouillon", publish=False)
    for kind in ("pdf", "docx", "odt"):
        assert reader.get(f"/p/{draft.pk}/export.{kind}").status_code == 404
