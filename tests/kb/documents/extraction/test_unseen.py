"""Hidden text, tracked deletions and comments never enter, in any format; what is seen does."""

import io
import zipfile

import pytest

from kb.documents.extraction import readers
from tests.kb.documents.extraction import made
from tests.kb.documents.made_files import W, docx, odt, zipped

SECRET = "zqxsecret"


def text(data: bytes, name: str) -> str:
    reading = readers.read(data, name)
    assert reading.state == "ok", reading.sentence
    return "\n---\n".join(page.text for page in reading.pages)


def run(words: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r>"


def test_docx():
    body = (
        f"<w:p>{run('Vu')}{run(SECRET, '<w:vanish/>')}<w:del>{run(SECRET)}</w:del><w:ins>{run(' ajouté')}</w:ins>"
        f"<w:moveFrom>{run(SECRET)}</w:moveFrom><w:commentReference w:id='1'/></w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{run(SECRET)}</w:p></w:tc></w:tr>"
        f"<w:tr><w:tc><w:p>{run('Lot')}</w:p></w:tc><w:tc><w:p>{run('Montant')}</w:p></w:tc></w:tr></w:tbl>"
        f"<w:p><w:pPr><w:pStyle w:val='Cache'/></w:pPr>{run(SECRET)}</w:p>"
        f"<w:p><w:r><w:instrText>{SECRET}</w:instrText></w:r>{run('Fin')}</w:p>"
    )
    styles = f"<w:styles xmlns:w='{W}'><w:style w:styleId='Cache'><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"
    comments = f"<w:comments xmlns:w='{W}'><w:comment w:id='1'><w:p>{run(SECRET)}</w:p></w:comment></w:comments>"
    header = f"<w:hdr xmlns:w='{W}'><w:p>{run('Mairie de Valmorin')}{run(SECRET, '<w:vanish/>')}</w:p></w:hdr>"
    notes = f"<w:footnotes xmlns:w='{W}'><w:footnote><w:p>{run('Une note')}</w:p></w:footnote></w:footnotes>"
    data = docx(
        body,
        word__styles_xml=styles,
        word__comments_xml=comments,
        word__header1_xml=header,
        word__footnotes_xml=notes,
    )
    assert text(data, "x.docx") == "Vu ajouté\nLot | Montant\n\nFin\nUne note\nMairie de Valmorin"


def test_odt():
    styles = (
        '<style:style style:name="C" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="P" style:family="paragraph"><style:text-properties text:display="none"/></style:style>'
    )
    body = (
        f"<text:tracked-changes><text:changed-region><text:deletion><text:p>{SECRET}</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        f'<text:p>Vu<text:span text:style-name="C">{SECRET}</text:span><office:annotation><text:p>{SECRET}</text:p></office:annotation>'
        f'<text:s text:c="3"/>encore<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Une note</text:p></text:note-body></text:note></text:p>'
        f'<text:p text:style-name="P">{SECRET}</text:p><text:section text:display="none"><text:p>{SECRET}</text:p></text:section>'
        f"<table:table><table:table-row><table:table-cell><text:p>Lot</text:p></table:table-cell><table:table-cell><text:p>Montant</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert text(odt(body, styles=styles), "x.odt") == "Vu encore\nUne note\nLot | Montant"


def test_pptx():
    data = made.pptx(
        made.slide(made.shape("Le projet"), made.shape(SECRET, attributes='hidden="1"')),
        made.slide(made.shape(SECRET), attributes='show="0"'),
        made.slide(made.shape("Le calendrier")),
        notes="À dire",
        comment=SECRET,
    )
    assert text(data, "x.pptx") == "Le projet\nÀ dire\n---\n\n---\nLe calendrier"


def test_odp():
    styles = (
        '<style:style style:name="h" style:family="drawing-page"><style:drawing-page-properties '
        'presentation:visibility="hidden"/></style:style>'
    )
    names = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"'
    pages = (
        f"<draw:page {names}><draw:frame><draw:text-box><text:p>Le projet</text:p></draw:text-box></draw:frame>"
        f"<office:annotation><text:p>{SECRET}</text:p></office:annotation></draw:page>"
        f'<draw:page {names} draw:style-name="h"><text:p>{SECRET}</text:p></draw:page>'
    )
    with zipfile.ZipFile(
        io.BytesIO(odt(pages, styles=styles.replace("<style:style", f"<style:style {names}")))
    ) as made_odt:
        content = made_odt.read("content.xml")
    data = zipped({"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": content})
    assert text(data, "x.odp") == "Le projet\n---\n"


def test_rtf():
    data = rb"{\rtf1\ansi Vu {\v zqxsecret}{\deleted zqxsecret}{\*\annotation zqxsecret}\'e9 encore\par Fin}"
    assert text(data, "x.rtf") == "Vu é encore\n\nFin"


def test_xlsx():
    shown = (
        '<cols><col min="2" max="3" hidden="1"/></cols><sheetData>'
        f'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>{SECRET}</t></is></c><c r="D1" s="1"><v>46093</v></c></row>'
        f'<row r="2" hidden="1"><c r="A2" t="inlineStr"><is><t>{SECRET}</t></is></c></row>'
        '<row r="3"><c r="A3"><v>1500.5</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" t="e"><v>#REF!</v></c></row></sheetData>'
    )
    data = made.xlsx(
        ("Budget", "", shown),
        (
            "Brouillon",
            'state="hidden"',
            f"<sheetData><row><c t='inlineStr'><is><t>{SECRET}</t></is></c></row></sheetData>",
        ),
        strings="<si><r><t>Éco</t></r><r><t>le</t></r><rPh><t>x</t></rPh></si>",
        styles='<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>',
    )
    assert text(data, "x.xlsx") == "Budget\nÉcole | 12/03/2026\n1500,5 | VRAI\n---\n"


def test_xml():
    data = b'<?xml version="1.0"?><acte><!-- zqxsecret --><objet>Voirie</objet><date>2026</date></acte>'
    assert text(data, "x.xml") == "Voirie\n2026"


def test_html():
    page = (
        f"<!doctype html><html><head><title>Le titre</title><style>{SECRET}</style></head><body><!-- {SECRET} -->"
        f"<script>{SECRET}</script><p hidden>{SECRET}</p><p style='display:none'>{SECRET}</p><p>Un <b>deux</b>\ntrois</p>"
        "<table><tr><td>Lot</td><td>Montant</td></tr></table><pre>a\n  b</pre></body></html>"
    )
    assert text(page.encode("cp1252"), "x.html") == "Le titre\n\nUn deux trois\n\nLot | Montant\n\na\nb"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15", "cp850", "mac_roman"])
@pytest.mark.parametrize("name", ["note.txt", "budget.csv"])
def test_text_in_every_french_encoding(encoding, name):
    words = "Délibération ; réserve incendie ; école élémentaire ; août"
    assert text(words.encode(encoding), name) == words
