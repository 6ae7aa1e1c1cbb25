"""Many PDFs into one: every page, its number, the bookmarks, the links, and what cannot be bound named."""

import io
import shutil
import subprocess

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from council.papers.binding import LINK, Part, Unbindable, bind, pages_of


def pdf(pages=1, *, rotate=0, size=(595, 842), link="", password="", words="Texte"):
    """A PDF of so many pages."""
    with Pdf.new() as made:
        font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for number in range(1, pages + 1):
            page = made.add_blank_page(page_size=size)
            page.add_resource(font, Name.Font, name=Name.F1)
            page.contents_add(
                made.make_stream(f"2 0 0 2 0 0 cm BT /F1 12 Tf 20 200 Td ({words} {number}) Tj ET".encode())
            )
            page.obj.Rotate = rotate
            if link:
                action = Dictionary(S=Name.URI, URI=pikepdf.String(link))
                note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 50, 50]), A=action)
                page.obj.Annots = Array([made.make_indirect(note)])
        out = io.BytesIO()
        protected = pikepdf.Encryption(owner=password, user=password) if password else False
        made.save(out, encryption=protected)
    return out.getvalue()


def bound(*parts):
    return bind(parts, title="Dossier de séance", author="Valmorin-sur-Drise")


def texts(data):
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def outline(items):
    return [(item.title, outline(item.children)) for item in items]


def test_every_page_in_order_with_its_number():
    whole = bound(Part("a", "Couverture", pdf(1)), Part("b", "Annexe", pdf(3)))
    assert (whole.pages, whole.starts) == (4, {"a": 1, "b": 2})
    said = texts(whole.pdf)
    assert [line.split()[:2] for line in said] == [["Texte", "1"], ["Texte", "1"], ["Texte", "2"], ["Texte", "3"]]
    assert [line.rstrip().endswith(f"{n} / 4") for n, line in enumerate(said, 1)] == [True] * 4


def test_the_bookmarks_follow_the_levels():
    whole = bound(
        Part("c", "Couverture", pdf()),
        Part("1", "1. Budget", pdf()),
        Part("1a", "Annexe A", pdf(2), level=1),
        Part("2", "2. École", pdf()),
        Part("2a", "Annexe É", pdf(), level=1),
    )
    with Pdf.open(io.BytesIO(whole.pdf)) as read, read.open_outline() as marks:
        assert outline(marks.root) == [
            ("Couverture", []),
            ("1. Budget", [("Annexe A", [])]),
            ("2. École", [("Annexe É", [])]),
        ]
        targets = [item.destination[0] for item in marks.root]
        assert [read.pages.index(pikepdf.Page(target)) + 1 for target in targets] == [1, 2, 5]


def test_a_link_to_a_part_leads_to_its_first_page_and_others_stay():
    whole = bound(
        Part("agenda", "Ordre du jour", pdf(link=f"{LINK}x")),
        Part("y", "Autre", pdf(2, link="https://town.example/")),
        Part("x", "Point", pdf(link=f"{LINK}nowhere")),
    )
    with Pdf.open(io.BytesIO(whole.pdf)) as read:
        first, other, lost = (read.pages[n].obj.Annots[0] for n in (0, 1, 3))
        assert read.pages.index(pikepdf.Page(first.Dest[0])) + 1 == whole.starts["x"] == 4
        assert str(other.A.URI) == "https://town.example/"
        assert "/A" not in lost and "/Dest" not in lost


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_number_stands_at_the_foot_as_the_page_is_looked_at(rotate):
    whole = bound(Part("a", "Plan", pdf(rotate=rotate, size=(842, 595))))
    with pypdfium2.PdfDocument(whole.pdf) as document:
        drawn = document[0].render(scale=1, draw_annots=False).to_pil().convert("L")
    foot = drawn.crop((drawn.width // 2 - 40, drawn.height - 32, drawn.width // 2 + 40, drawn.height - 10))
    assert foot.getextrema()[0] < 100


def test_title_language_and_soundness(tmp_path):
    whole = bound(Part("a", "Couverture", pdf()), Part("b", "Annexe", pdf(2)))
    with Pdf.open(io.BytesIO(whole.pdf)) as read:
        assert str(read.Root.Lang) == "fr"
        assert read.open_metadata()["dc:title"] == "Dossier de séance"
    (tmp_path / "whole.pdf").write_bytes(whole.pdf)
    if shutil.which("qpdf") is None:
        pytest.skip("qpdf is not installed")
    said = subprocess.run(["qpdf", "--check", str(tmp_path / "whole.pdf")], capture_output=True, text=True, check=False)
    assert (said.returncode, "No syntax or stream encoding errors found" in said.stdout) == (0, True), said


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "illisible"), (b"Bonjour", "illisible"), (pdf(password="x"), "protégé par un mot de passe")],
)
def test_what_cannot_be_bound_is_named(data, reason):
    parts = [Part("a", "Couverture", pdf()), Part("b", "Annexe", data)]
    with pytest.raises(Unbindable) as refused:
        bound(*parts)
    assert (refused.value.key, refused.value.reason) == ("b", reason)
    with pytest.raises(Unbindable):
        pages_of(parts[1])
    assert pages_of(parts[0]) == 1
