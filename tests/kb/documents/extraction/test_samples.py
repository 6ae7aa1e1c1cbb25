"""Every sample file: its state, its kind, its pages, and words that must be found in it."""

import shutil

import pytest

from kb.documents.extraction.readers import read_whole
from tests.kb.samples import SAMPLES, needs_samples, sample

OK, EMPTY, ENCRYPTED = "ok", "empty", "encrypted"
# name → (state, kind, pages, words of its text)
EXPECTED = {
    "council/CR_conseil_municipal_07_10_2022.pdf": (OK, "pdf", 2, "13 votes pour"),
    "council/CR_conseil_municipal_2021-09-17.docx": (OK, "docx", None, "12 votes pour / 2 abstentions"),
    "council/CR_reunion_20211105.pdf": (OK, "pdf", 1, "Renouvellement contrat GRDF"),
    "council/CR_reunion_20220624.pdf": (OK, "pdf", 2, "Convention RASED"),
    "council/salazie-deliberation-2026-CM-071.txt": (OK, "text", None, "CORRESPONDANT DEFENSE"),
    "council/seloncourt-liste-deliberations-2026-07-27.txt": (OK, "text", None, "droit de préemption urbain"),
    "office/LibreOfficeCalc_ods_1.3.ods": (OK, "ods", 1, "This | is | an | example | spreadsheet"),
    "office/LibreOfficeImpress_odp_1.3.odp": (OK, "odp", 2, "An example Impress file"),
    "office/doc_with_toc.odt": (OK, "odt", None, "Lorem ipsum dolor sit amet"),
    "office/example.odp": (OK, "odp", 2, "This is the second page"),
    "office/file1.pdf": (OK, "text", None, "dummy source file"),
    "office/footnote-hyperlink.docx": (OK, "docx", None, "Example"),
    "office/footnotes.docx": (OK, "docx", None, "snoska"),
    "office/logo_in_text.odt": (OK, "odt", None, "Guide to the Galaxy"),
    "office/note.odt": (OK, "odt", None, "Les apparences sont trompeuses !"),
    "office/pictures.ppt": (EMPTY, "ppt", 5, ""),
    "office/protect.xlsx": (ENCRYPTED, "xlsx", None, ""),
    "office/simple_normal_case.doc": (OK, "doc", None, "This is a sample Word document"),
    "office/simple_table.ods": (OK, "ods", 3, "A date | 07/05/75"),
    "office/spanned_cells.ods": (OK, "ods", 1, "foo | horiz"),
    "office/strikethrough.docx": (OK, "docx", None, "Sold out"),
    "office/tables.docx": (OK, "docx", None, "Top left | Top right"),
    "office/test-outlook.msg": (OK, "msg", None, "La réponse à vos attentes"),
    "office/testAltChunkHTML.docx": (OK, "docx", None, "Simple paragraph with a emphasized word."),
    "office/testAnnotations.pdf": (OK, "pdf", 1, "Here is some text."),
    "office/testComment.docx": (OK, "docx", None, "Here is some text."),
    "office/testComment.pptx": (OK, "pptx", 1, "Here is some text"),
    "office/testComment.rtf": (OK, "rtf", None, "Here is some text."),
    "office/testEXCEL.xlsx": (OK, "xlsx", 3, "15 | 225"),
    "office/testEmailWithPNGAtt.eml": (OK, "eml", None, "Pièce jointe : testPNG.png"),
    "office/testException1.doc": (OK, "doc", None, "Access and inclusion for people with disabilities"),
    "office/testOCR.docx": (OK, "docx", None, "Here is an embedded image:"),
    "office/testOCR.pdf": (OK, "pdf", 1, "Happy New Year 2003!"),
    "office/testODTEncrypted.odt": (ENCRYPTED, "odt", None, ""),
    "office/tiny-picture.docx": (EMPTY, "docx", None, ""),
    "office/tracked_changes.odt": (OK, "odt", None, "Bonjour"),
}
BY_LIBREOFFICE_ALONE = "office/test.doc"  # antiword finds nothing in it


@needs_samples
@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_read(name):
    reading = read_whole(sample(name), name.rpartition("/")[2])
    text = "\n".join(page.text for page in reading.pages)
    state, kind, pages, words = EXPECTED[name]
    assert (reading.state, reading.kind, reading.page_count) == (state, kind, pages)
    assert words in text


@needs_samples
def test_every_sample_is_here():
    assert {str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*.*")} == {*EXPECTED, BY_LIBREOFFICE_ALONE}


@needs_samples
def test_an_old_word_file_that_waits_for_libreoffice():
    reading = read_whole(sample(BY_LIBREOFFICE_ALONE), "test.doc")
    if shutil.which("soffice") or shutil.which("libreoffice"):
        assert reading.state == OK
    else:
        assert (reading.state, reading.sentence) == (
            "waiting_for_program",
            "Lecture en attente : LibreOffice n’est pas installé. La personne qui administre le site peut "
            "l’installer : la lecture reprendra d’elle-même.",
        )


@needs_samples
def test_comments_of_the_samples_stay_out():
    for name in ("testComment.docx", "testComment.pptx", "testComment.rtf"):
        text = "".join(page.text for page in read_whole(sample(f"office/{name}"), name).pages)
        assert text.rstrip(".") == "Here is some text"
