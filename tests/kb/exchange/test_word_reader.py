import io
import time

import pytest
from docx import Document
from PIL import Image as Picture

from kb.documents.extraction import old_word
from kb.documents.file_types import RefusedFile
from kb.exchange.reading import Image, ReadText, RichText, Table, Unreadable
from kb.exchange.word_reader import read_word
from tests.kb.documents.made_files import W, docx, odt, picture
from tests.kb.samples import needs_samples, sample

OPEN_AND_SAVE = "Ouvrez-le dans Word ou LibreOffice, enregistrez-le à nouveau, puis recommencez."
DEEP = f"ses listes ou ses tableaux sont imbriqués sans fin. {OPEN_AND_SAVE}"
TRAPPED = f"il est construit comme un fichier piégé. {OPEN_AND_SAVE}"
DAMAGED = "le fichier est incomplet ou abîmé. Vérifiez qu’il s’ouvre sur votre poste, puis déposez-le à nouveau."
OLD_IMAGES = "Les images de cet ancien fichier Word n’ont pas été reprises."
SHIFTED = "Le niveau des titres a été décalé pour commencer sous le titre de la page."


def html_of(read: ReadText) -> str:
    return "".join(passage.html for passage in read.passages if isinstance(passage, RichText))


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read_word(data, name)
    start, _, rest = caught.value.message.partition(" : ")
    assert start == f"Le texte de « {name} » n’a pas pu être lu"
    return rest


@needs_samples
@pytest.mark.parametrize(
    ("name", "title", "passages", "report"),
    [
        (
            "strikethrough.docx",
            "strikethrough",
            [RichText("<p><s>Today's Special: Salmon</s> Sold out</p>")],
            [],
        ),
        (
            "tables.docx",
            "tables",
            [
                RichText("<p>Above</p>"),
                Table([["Top left", "Top right"], ["Bottom left", "Bottom right"]], header_row=True),
                RichText("<p>Below</p>"),
            ],
            [],
        ),
        (
            "footnotes.docx",
            "footnotes",
            [RichText("<p>Eto ochen prostoy<sup>[1]</sup> text so snoskoy</p><h2>Notes</h2><ol><li>snoska</li></ol>")],
            ["1 note de bas de page a été placée à la fin."],
        ),
        (
            "footnote-hyperlink.docx",
            "footnote-hyperlink",
            [
                RichText(
                    '<p><sup>[1]</sup></p><h2>Notes</h2><ol><li><a href="http://www.example.com">Example</a></li></ol>'
                )
            ],
            ["1 note de bas de page a été placée à la fin."],
        ),
        (
            "testComment.docx",
            "testComment",
            [RichText("<p>Here is some text.</p>")],
            ["1 commentaire n’a pas été repris."],
        ),
        (
            "testComment.rtf",
            "testComment",
            [RichText("<p>Here is some text.</p>")],
            ["1 commentaire n’a pas été repris."],
        ),
        (
            "testAltChunkHTML.docx",
            "testAltChunkHTML",
            [],
            ["1 morceau de document inséré d’un autre format n’a pas été repris."],
        ),
        (
            "note.odt",
            "note",
            [
                RichText(
                    "<p>Un paragraphe<sup>[1]</sup> d'apparence<sup>[2]</sup> banale.</p><h2>Notes</h2><ol>"
                    "<li>C'est-à-dire l'élément «\xa0text:p\xa0».</li><li>Les apparences sont trompeuses !</li></ol>"
                )
            ],
            [
                "2 notes de bas de page ont été placées à la fin, numérotées.",
                "1 commentaire n’a pas été repris.",
            ],
        ),
        (
            "tracked_changes.odt",
            "tracked changes",
            [RichText("<p>Bonjour los bonitos amigos ça va ?</p>")],
            ["2 passages supprimés en suivi des modifications n’ont pas été repris."],
        ),
    ],
)
def test_small_samples_are_read_whole(name, title, passages, report):
    assert read_word(sample(f"office/{name}"), name) == ReadText(title, passages, report)


@needs_samples
def test_real_minutes_keep_their_paragraphs():
    read = read_word(sample("council/CR_conseil_municipal_2021-09-17.docx"), "CR_conseil_municipal_2021-09-17.docx")
    html = html_of(read)
    assert (read.title, len(read.passages), read.report) == ("CR conseil municipal 2021-09-17", 1, [])
    assert (html.count("<p>"), html.count("14 votes pour"), html.count("<blockquote>")) == (59, 10, 0)
    assert "<p>1<sup>er</sup> prix" in html


@needs_samples
@pytest.mark.parametrize(
    ("name", "kinds", "image", "report"),
    [
        ("testOCR.docx", [RichText, Image], ("image1.png", ""), []),
        ("tiny-picture.docx", [Image], ("image1.png", ""), []),
        (
            "logo_in_text.odt",
            [RichText, Image, RichText],
            ("10000201000000E4000000784278ADD2.png", ""),
            [SHIFTED, "49 notes de bas de page ont été placées à la fin, numérotées."],
        ),
    ],
)
def test_images_are_extracted_in_their_place(name, kinds, image, report):
    read = read_word(sample(f"office/{name}"), name)
    found = next(passage for passage in read.passages if isinstance(passage, Image))
    assert ([type(passage) for passage in read.passages], (found.name, found.alt), read.report) == (
        kinds,
        image,
        report,
    )
    assert Picture.open(io.BytesIO(found.data)).format == "PNG"


@needs_samples
def test_headings_and_contents():
    read = read_word(sample("office/doc_with_toc.odt"), "doc_with_toc.odt")
    assert read.title == "Lorem 1"
    assert read.report == [
        "Le premier titre est devenu le titre de la page.",
        "Le sommaire n’a pas été repris : la page affiche le sien.",
    ]
    assert html_of(read).count("<h2>") == 3


@needs_samples
def test_old_word_is_read_or_refused_with_the_way_out():
    """test.doc is beyond antiword; LibreOffice reads it where it is installed."""
    if old_word.has_antiword():
        read = read_word(sample("office/simple_normal_case.doc"), "simple.doc")
        assert read == ReadText("simple", [RichText("<p>This is a sample Word document</p>")], [OLD_IMAGES])
        html = html_of(read_word(sample("office/testException1.doc"), "testException1.doc"))
        assert html.count("<li>People with disabilities receive") == 2
        assert "<b>Key requirements of Disability Access and Inclusion</b>" in html
    try:
        old_word.as_docx(sample("office/test.doc"))
    except old_word.NoReader:
        assert refusal(sample("office/test.doc"), "test.doc").endswith(
            "Enregistrez-le au format .docx, puis recommencez."
        )
    else:
        assert not read_word(sample("office/test.doc"), "test.doc").is_empty


@needs_samples
def test_old_word_without_any_reader_says_so(monkeypatch):
    monkeypatch.setattr(old_word.shutil, "which", lambda name: None)
    assert refusal(sample("office/simple_normal_case.doc"), "note.doc") == (
        "ce serveur ne sait pas lire les anciens fichiers Word (.doc). Enregistrez-le au format .docx, puis recommencez."
    )


@needs_samples
def test_old_word_goes_through_libreoffice_when_antiword_fails(monkeypatch, tmp_path):
    """A stand-in for LibreOffice: it checks its profile and gives the .docx that is beside it."""
    (tmp_path / "made.docx").write_bytes(
        docx("<w:p><w:del><w:r><w:delText>non</w:delText></w:r></w:del><w:r><w:t>oui</w:t></w:r></w:p>")
    )
    script = tmp_path / "soffice"
    script.write_text(
        f"#!/bin/sh\ngrep -q DisableMacrosExecution profile/user/registrymodifications.xcu || exit 1\n"
        f"mkdir out && cp {tmp_path}/made.docx out/old.docx\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr(old_word.shutil, "which", lambda name: str(script) if name == "soffice" else None)
    read = read_word(sample("office/test.doc"), "test.doc")
    assert (read.passages, read.report) == (
        [RichText("<p>oui</p>")],
        ["1 passage supprimé en suivi des modifications n’a pas été repris."],
    )


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"


STYLES = (
    f'<w:styles xmlns:w="{W}"><w:style w:type="character" w:styleId="Mou"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Enfant"><w:basedOn w:val="Mou"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
)
STYLES_LINK = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'
)


def test_docx_hides_what_word_hides():
    shown, shown_too, soft = (
        '<w:vanish w:val="0"/>',
        '<w:vanish w:val="false"/>',
        '<w:rStyle w:val="Enfant"/>',
    )
    body = (
        f"<w:p>{run('vu')}{run('caché', '<w:vanish/>')}{run(' aussi', shown)}"
        f"{run('mou', soft)}</w:p>"
        f'<w:p><w:pPr><w:pStyle w:val="Secret"/></w:pPr>{run("secret")}{run("montré", shown_too)}</w:p>'
        f"<w:p><w:del>{run('supprimé')}</w:del><w:ins>{run('ajouté')}</w:ins></w:p>"
        f"<w:p><w:moveFrom>{run('parti')}</w:moveFrom><w:moveTo>{run('arrivé')}</w:moveTo></w:p>"
        f'<w:p><w:pPr><w:ind w:left="720"/></w:pPr>{run("en retrait")}</w:p>'
        f"<w:tbl><w:tr>{cell('a')}{cell('b')}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{cell('x')}{cell('y')}</w:tr></w:tbl>"
    )
    read = read_word(docx(body, word__styles_xml=STYLES, **{"word/_rels/document.xml.rels": STYLES_LINK}), "a.docx")
    assert read == ReadText(
        "a",
        [
            RichText("<p>vu aussi</p><p>montré</p><p>ajouté</p><p>arrivé</p><p>en retrait</p>"),
            Table([["a", "b"]]),
        ],
        [
            "3 passages supprimés en suivi des modifications n’ont pas été repris.",
            "3 passages de texte masqué n’ont pas été repris.",
        ],
    )


def test_docx_merged_cells_lists_quotes_and_links_stay_readable():
    span, first, next_ = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    link = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    body = (
        '<w:tbl><w:tblPr><w:tblLook w:firstRow="1"/></w:tblPr>'
        f"<w:tr>{cell('A')}{cell('BC', span)}</w:tr><w:tr>{cell('v', first)}{cell('1')}{cell('2')}</w:tr>"
        f"<w:tr>{cell('', next_)}{cell('3')}{cell('4')}</w:tr></w:tbl>"
        f'<w:p>{link.format("begin")}<w:r><w:instrText> HYPERLINK "javascript:alert(1)" </w:instrText></w:r>'
        f"{link.format('separate')}{run('piège')}{link.format('end')}</w:p>"
    )
    assert read_word(docx(body), "a.docx").passages == [
        Table(
            [["A", "BC", ""], ["v", "1", "2"], ["", "3", "4"]],
            header_row=True,
            merged=[
                {"row": 0, "col": 1, "rowspan": 1, "colspan": 2},
                {"row": 1, "col": 0, "rowspan": 2, "colspan": 1},
            ],
        ),
        RichText("<p>piège</p>"),
    ]


def test_a_file_written_by_a_real_library():
    document = Document()
    document.add_heading("Compte rendu", 0)
    document.add_heading("Budget", 1)
    for words, style in (
        ("un", "List Bullet"),
        ("deux", "List Bullet"),
        ("n° 1", "List Number"),
        ("dit-il", "Quote"),
    ):
        document.add_paragraph(words, style=style)
    document.add_heading("Profond", 5)
    document.add_picture(io.BytesIO(picture("JPEG")))
    document.sections[0].header.paragraphs[0].text = "Mairie"
    out = io.BytesIO()
    document.save(out)
    read = read_word(out.getvalue(), "CR.docx")
    html = "<h2>Budget</h2><ul><li>un</li><li>deux</li></ul><ol><li>n° 1</li></ol><blockquote>dit-il</blockquote><h3>Profond</h3>"
    image = next(passage for passage in read.passages if isinstance(passage, Image))
    assert read == ReadText(
        "Compte rendu",
        [RichText(html), Image(image.data, "image1.jpg", "")],
        [
            SHIFTED,
            "1 titre de niveau trop profond a été remonté.",
            "Les en-têtes et pieds de page n’ont pas été repris.",
        ],
    )


def test_odt_hides_what_writer_hides():
    styles = (
        '<style:style style:name="Masque" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="Retrait" style:family="paragraph"><style:paragraph-properties fo:margin-left="2cm"/></style:style>'
    )
    body = (
        '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><text:p>supprimé</text:p></text:deletion>'
        '</text:changed-region></text:tracked-changes><text:h text:outline-level="1">Titre</text:h>'
        '<text:p text:style-name="Retrait">a<text:change text:change-id="c"/>b<text:span text:style-name="Masque">caché</text:span>'
        "<office:annotation><dc:creator>moi</dc:creator><text:p>remarque</text:p></office:annotation>"
        '<text:a xlink:href="javascript:alert(1)">c</text:a></text:p>'
        '<text:section text:display="none"><text:p>section</text:p></text:section>'
        '<text:p><text:hidden-paragraph text:is-hidden="true"/>paragraphe</text:p>'
    )
    assert read_word(odt(body, styles=styles), "a.odt") == ReadText(
        "Titre",
        [RichText("<p>abc</p>")],
        [
            "Le premier titre est devenu le titre de la page.",
            "1 passage supprimé en suivi des modifications n’a pas été repris.",
            "3 passages de texte masqué n’ont pas été repris.",
            "1 commentaire n’a pas été repris.",
            "1 lien vers un fichier ou un programme est devenu du texte.",
        ],
    )


def test_rtf_html_and_text():
    rtf = rb"{\rtf1\ansi Vu {\v cach\'e9}{\deleted supprim\'e9}{\b gras}{\*\annotation remarque}\par {\v a}\v0 fin}"
    assert html_of(read_word(rtf, "a.rtf")) == "<p>Vu <b>gras</b></p><p>fin</p>"
    html = (
        "<!doctype html><h1>Été</h1><p>a<span hidden>b</span><a href='javascript:x'>c</a><script>d</script></p>"
        "<ul><li><p>e</p></li></ul><table><tr><th>f</th><th>g</th></tr><tr><td>h</td><td>i</td></tr></table>"
    )
    assert read_word(html.encode("cp1252"), "a.html").passages == [
        RichText("<p>ac</p><ul><li>e</li></ul>"),
        Table([["f", "g"], ["h", "i"]], header_row=True),
    ]
    text = "Séance <du> 3 mai\nà 20 h\n\n\nPrésents : tous"
    assert read_word(text.encode("cp1252"), "note_du_3_mai.txt") == ReadText(
        "note du 3 mai", [RichText("<p>Séance &lt;du&gt; 3 mai<br>à 20 h</p><p>Présents : tous</p>")], []
    )


def nested_lists(depth: int) -> str:
    return "<text:list><text:list-item>" * depth + "<text:p>x</text:p>" + "</text:list-item></text:list>" * depth


ENTITIES = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
TABLE_BOMB = (
    '<table:table><table:table-column table:number-columns-repeated="99999999"/><table:table-row '
    'table:number-rows-repeated="9999999"><table:table-cell table:number-columns-repeated="99999999">'
    "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
)
HUGE_SPAN = '<w:gridSpan w:val="999999999"/>'
HOSTILE = {
    "listes.odt": (odt(nested_lists(5000)), DEEP),
    "vingt-listes.odt": (odt(nested_lists(20)), DEEP),
    "entités.odt": (odt("<text:p>&j;</text:p>", prolog=ENTITIES), TRAPPED),
    "styles.docx": (docx(word__styles_xml=ENTITIES + "<a>&j;</a>"), TRAPPED),
    "tableaux.docx": (docx("<w:tbl><w:tr><w:tc>" * 1000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 1000), DEEP),
    "groupes.rtf": (b"{\\rtf1 " + b"{" * 100_000 + b"}" * 100_000 + b"}", DEEP),
    "coupé.docx": (docx()[:-200], DAMAGED),
    "cassé.docx": (docx("<w:p>"), DAMAGED),
    "image.docx": (picture(), "ce n’est pas un document de texte. Déposez-le comme document joint."),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_costs_a_sentence(name):
    start = time.monotonic()
    data, reason = HOSTILE[name]
    assert refusal(data, name) == reason
    assert time.monotonic() - start < 3


@needs_samples
def test_an_encrypted_file_says_so():
    words = "il est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis recommencez."
    assert refusal(sample("office/testODTEncrypted.odt"), "testODTEncrypted.odt") == words


def test_a_zip_bomb_is_refused_before_any_reading():
    with pytest.raises(RefusedFile, match=r"« bombe\.docx » n’est pas accepté"):
        read_word(docx(word__media__bomb=b"\0" * 60_000_000), "bombe.docx")


@pytest.mark.parametrize(
    ("data", "name", "html"),
    [
        (odt(TABLE_BOMB), "a.odt", "<p>x</p>"),
        (odt('<text:p>a<text:s text:c="999999999"/>b</text:p>'), "a.odt", f"<p>a{' ' * 20}b</p>"),
        (docx(f"<w:tbl><w:tr>{cell('x', HUGE_SPAN)}</w:tr></w:tbl>"), "a.docx", "<p>x</p>"),
        (b"<html>" + b"<ul><li>" * 5000 + b"x", "a.html", "<p>x</p>"),
    ],
    ids=["repeated cells", "spaces", "span", "html lists"],
)
def test_numbers_that_would_make_a_file_huge_are_clipped(data, name, html):
    start = time.monotonic()
    assert html_of(read_word(data, name)) == html
    assert time.monotonic() - start < 3
