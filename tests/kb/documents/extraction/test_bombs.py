"""Files made to kill their reader: each costs a sentence, within the limits, and this process lives on."""

import io
import time
import zipfile

import pytest

from kb.documents.extraction import readers
from tests.kb.documents.extraction import made
from tests.kb.documents.made_files import CONTENT_TYPES, RELATIONSHIPS, WORD_TYPE, W, docx, odt, pdf, zipped

ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefghi", "bcdefghij", strict=True)
) + "]>"  # fmt: skip


def entity_docx() -> bytes:
    document = f'<?xml version="1.0"?>{ENTITIES}<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'
    content_types = CONTENT_TYPES.format(part="word/document.xml", type=WORD_TYPE)
    return zipped({"[Content_Types].xml": content_types, "_rels/.rels": RELATIONSHIPS, "word/document.xml": document})


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES.format(part="word/document.xml", type=WORD_TYPE))
        with archive.open("word/document.xml", "w") as part:
            for _ in range(300):
                part.write(b" " * 1024 * 1024)
    return out.getvalue()


def nested_lists_odt() -> bytes:
    deep = 5_000
    return odt("<text:list><text:list-item>" * deep + "<text:p>fond</text:p>" + "</text:list-item></text:list>" * deep)


def nested_lists_html() -> bytes:
    return b"<!doctype html><html><body>" + b"<ul><li>" * 5_000 + b"fond"


def nested_rtf() -> bytes:
    return rb"{\rtf1 " + b"{" * 5_000 + b"fond" + b"}" * 5_001


BOMBS = {
    "entities.docx": (
        entity_docx,
        "failed",
        "Illisible : il est construit comme un fichier piégé. Ouvrez-le dans son logiciel, enregistrez-le à nouveau, "
        "puis remplacez-le.",
    ),
    "entities.odt": (
        lambda: odt("<text:p>&j;</text:p>", prolog=ENTITIES),
        "failed",
        "Illisible : il est construit comme un fichier piégé. Ouvrez-le dans son logiciel, enregistrez-le à nouveau, "
        "puis remplacez-le.",
    ),
    "zip.docx": (
        zip_bomb,
        "too_big",
        "Illisible : il grossit sans fin une fois décompressé. Ouvrez-le dans son logiciel, enregistrez-le à nouveau, "
        "puis remplacez-le.",
    ),
    "nested.odt": (
        nested_lists_odt,
        "failed",
        "Illisible : ses listes ou ses tableaux sont imbriqués sans fin. Ouvrez-le dans son logiciel, enregistrez-le à "
        "nouveau, puis remplacez-le.",
    ),
    "nested.rtf": (
        nested_rtf,
        "failed",
        "Illisible : ses listes ou ses tableaux sont imbriqués sans fin. Ouvrez-le dans son logiciel, enregistrez-le à "
        "nouveau, puis remplacez-le.",
    ),
    "cut.docx": (
        lambda: docx()[:300],
        "failed",
        "Illisible : le fichier est incomplet ou abîmé. Vérifiez qu’il s’ouvre sur votre poste, puis remplacez-le.",
    ),
    "cut.pdf": (
        lambda: pdf(4)[:150],
        "failed",
        "Illisible : le fichier est incomplet ou abîmé. Vérifiez qu’il s’ouvre sur votre poste, puis remplacez-le.",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_a_sentence(name):
    make, state, sentence = BOMBS[name]
    started = time.monotonic()
    reading = readers.read(make(), name)
    assert (reading.state, reading.sentence, reading.pages) == (state, sentence, [])
    assert time.monotonic() - started < 60


def test_a_small_pdf_that_takes_gigabytes_where_no_other_reader_is_there(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    data = made.heavy_pdf()
    assert len(data) < 220_000
    reading = readers.read(data, "lourd.pdf")
    assert (reading.state, reading.sentence) == (
        "too_big",
        "Illisible : il demande trop de mémoire. Coupez-le en plusieurs fichiers, ou exportez-le en PDF.",
    )


def test_a_cell_at_the_end_of_the_sheet_costs_nothing():
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Budget</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>12</v></c></row>'
    )
    started = time.monotonic()
    reading = readers.read(made.xlsx(("Feuil1", "", f"<sheetData>{cells}</sheetData>")), "grand.xlsx")
    assert [page.text for page in reading.pages] == ["Feuil1\nBudget\n12"]
    assert time.monotonic() - started < 20


def test_a_million_repeated_cells_are_said_once():
    body = (
        "</office:text><office:spreadsheet><table:table table:name='F'>"
        "<table:table-row table:number-rows-repeated='1048576'>"
        "<table:table-cell table:number-columns-repeated='16384'><text:p>mot</text:p></table:table-cell>"
        "</table:table-row></table:table></office:spreadsheet><office:text>"
    )
    with zipfile.ZipFile(io.BytesIO(odt(body))) as source:
        data = zipped(
            {
                "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": source.read("content.xml"),
            }
        )
    assert [page.text for page in readers.read(data, "x.ods").pages] == ["F\nmot"]


def test_an_xml_file_of_entities_is_words_and_nothing_is_expanded():
    reading = readers.read(f'<?xml version="1.0"?>{ENTITIES}<x>&j;</x>'.encode(), "entities.xml")
    assert (reading.state, reading.characters < 1000) == ("ok", True)


def test_html_nested_without_end_is_read_as_far_as_it_goes():
    assert readers.read(nested_lists_html(), "x.html").state in {"ok", "empty"}


def test_the_worker_lives_on(town):
    """Bombs among sound files: every job ends, and the sound ones are read."""
    from kb.documents.extraction.models import Extraction
    from kb.work import operations as work
    from kb.work.models import Job

    for name in ("entities.docx", "nested.odt", "cut.pdf"):
        town.document(BOMBS[name][0](), name)
    sound = town.document("Délibération du 12 mars".encode(), "note.txt")
    work.drain()
    assert set(Job.objects.filter(kind="extraction").values_list("state", flat=True)) == {"done"}
    assert Extraction.objects.filter(state="failed").count() == 3
    assert Extraction.objects.get(sha256=sound.current_version.sha256).words == "texte trouvé"
