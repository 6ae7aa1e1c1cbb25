"""What leaves for Word and ODT: no drawing of ours, no picture wider than the page, no WebP, no address read aloud."""

import io
import re
import zipfile

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Picture

from kb.documents.models import Image
from kb.exchange import office
from kb.pages import operations as pages
from kb.pages.models import ArticlePage
from tests.pictures import png

CALLOUT = {"level": "watch", "title": "Subvention à ne pas perdre", "text": "<p>Avant le 30 juin.</p>"}


def wide(width=1400, height=700, form="WEBP"):
    out = io.BytesIO()
    Picture.new("RGB", (width, height), "green").save(out, form)
    return out.getvalue()


@pytest.fixture
def page(town):
    image = Image.objects.create(title="Vue", uploaded_by_user=town.admin, file=ContentFile(wide(), "vue.webp"))
    body = [("callout", CALLOUT), ("image", {"image": image, "alt_text": "La vue", "caption": ""})]
    made = pages.create_page(
        parent=town.home, page=ArticlePage(title="Projet", body=body), author=town.admin, publish=True
    )
    return town.attach(made, town.document(png(), "plan.png"))


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize(("kind", "body"), [("docx", "word/document.xml"), ("odt", "content.xml")])
def test_an_export_holds_the_pictures_of_the_page_and_no_other(page, reader, kind, body):
    found = parts(reader.get(f"/p/{page.pk}/export.{kind}").content)
    pictures = [name for name in found if re.search(r"(media|Pictures)/", name)]
    assert len(pictures) == 1 and pictures[0].endswith(".png")
    text = found[body].decode()
    assert "Subvention à ne pas perdre" in text
    assert not re.search(r'="data:|127\.0\.0\.1[^<]*\.svg', text)


def test_a_picture_is_never_wider_than_the_page(page, reader):
    found = parts(reader.get(f"/p/{page.pk}/export.docx").content)["word/document.xml"].decode()
    widths = {int(cx) / 914400 for cx in re.findall(r'<wp:extent cx="(\d+)"', found)}
    assert widths and max(widths) <= 6.3  # inches


def test_sizes_keep_their_shape():
    html = office.for_office('<img width="1264" height="632" src="x"><img width="300" height="200" src="y">')
    assert html == '<img width="600" height="300" src="x"><img width="300" height="200" src="y">'
