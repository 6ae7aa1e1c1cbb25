"""Every sample file brought in by the product: its state, and its original byte-identical."""

import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kb.documents.models import Document
from kb.exchange.models import ImportRecord
from tests.kb.samples import SAMPLES

IMPORTED, ATTACHED, WITHOUT_TEXT = "imported", "attached", "attached_without_text"
EXPECTED = {
    "council/CR_conseil_municipal_07_10_2022.pdf": ATTACHED,
    "council/CR_conseil_municipal_2021-09-17.docx": IMPORTED,
    "council/CR_reunion_20211105.pdf": ATTACHED,
    "council/CR_reunion_20220624.pdf": ATTACHED,
    "council/salazie-deliberation-2026-CM-071.txt": ATTACHED,
    "council/seloncourt-liste-deliberations-2026-07-27.txt": ATTACHED,
    "office/LibreOfficeCalc_ods_1.3.ods": ATTACHED,
    "office/LibreOfficeImpress_odp_1.3.odp": ATTACHED,
    "office/doc_with_toc.odt": IMPORTED,
    "office/example.odp": ATTACHED,
    "office/file1.pdf": WITHOUT_TEXT,
    "office/footnote-hyperlink.docx": IMPORTED,
    "office/footnotes.docx": IMPORTED,
    "office/logo_in_text.odt": IMPORTED,
    "office/note.odt": IMPORTED,
    "office/pictures.ppt": ATTACHED,
    "office/protect.xlsx": WITHOUT_TEXT,
    "office/simple_normal_case.doc": IMPORTED,
    "office/simple_table.ods": ATTACHED,
    "office/spanned_cells.ods": ATTACHED,
    "office/strikethrough.docx": IMPORTED,
    "office/tables.docx": IMPORTED,
    "office/test-outlook.msg": IMPORTED,
    "office/test.doc": WITHOUT_TEXT,
    "office/testAltChunkHTML.docx": WITHOUT_TEXT,
    "office/testAnnotations.pdf": ATTACHED,
    "office/testComment.docx": IMPORTED,
    "office/testComment.pptx": ATTACHED,
    "office/testComment.rtf": IMPORTED,
    "office/testEXCEL.xlsx": ATTACHED,
    "office/testEmailWithPNGAtt.eml": IMPORTED,
    "office/testException1.doc": IMPORTED,
    "office/testOCR.docx": IMPORTED,
    "office/testOCR.pdf": ATTACHED,
    "office/testODTEncrypted.odt": WITHOUT_TEXT,
    "office/tiny-picture.docx": IMPORTED,
    "office/tracked_changes.odt": IMPORTED,
}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files stand beside the repository")
def test_every_sample(town):
    files = [str(SAMPLES / name) for name in EXPECTED]
    assert {str(path) for path in SAMPLES.rglob("*.*")} == set(files)
    folder = town.folder("Entrées")
    said = StringIO()
    call_command(
        "import_document", *files, into=folder.url_path, person="claire@valmorin.example", json=True, stdout=said
    )
    answers = json.loads(said.getvalue())
    assert [answer["file"] for answer in answers] == files
    assert {answer["file"][len(str(SAMPLES)) + 1 :]: answer["state"] for answer in answers} == EXPECTED
    for answer in answers:
        document = Document.objects.get(pk=answer["document"])
        with open(answer["file"], "rb") as original, document.current_version.file.open() as kept:
            body = original.read()
            assert kept.read() == body
        assert answer["sha256"] == document.current_version.sha256 == hashlib.sha256(body).hexdigest()
        assert answer["message"]
    assert ImportRecord.objects.count() == len(files)


def test_a_bad_file_costs_a_sentence_and_nothing_half_made(town, tmp_path):
    folder = town.folder("Entrées")
    bad = tmp_path / "programme.docx"
    bad.write_bytes(b"MZ\x90\x00" + b"\0" * 400)
    files, said = [str(bad), str(tmp_path / "absent.pdf")], StringIO()
    place = {"into": str(folder.pk), "person": "claire.valette"}
    call_command("import_document", *files, json=True, stdout=said, **place)
    answers = json.loads(said.getvalue())
    assert [answer["state"] for answer in answers] == ["refused", "refused"]
    assert "« programme.docx »" in answers[0]["message"]
    assert not Document.objects.exists()
    assert folder.get_children().count() == 0
    with pytest.raises(CommandError, match="2\u00a0fichiers refusés sur 2"):  # in words, the command itself fails
        call_command("import_document", *files, stdout=StringIO(), **place)
