"""What a PDF says beside its pages never reaches the public: taken off a version masked by hand, or read and refused."""

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf, String

from council.agenda.operations import Refused
from council.publication import beside, files, operations
from council.publication.models import Choice, FileRole
from tests.council.publication.test_operations import publish
from tests.council.publication.world import NAMING, signed_pdf

pytestmark = pytest.mark.django_db
NAME = "Mme Jeanne Durand"


def telling(**more):
    """A page where nothing is read, in a file that names somebody all around it."""
    with Pdf.open(io.BytesIO(signed_pdf("Une concession est accordée."))) as made:
        with made.open_metadata() as metadata:
            metadata["dc:title"] = f"Concession {NAME}"
        made.docinfo[Name.Title] = f"Concession {NAME}"
        made.attachments["original.pdf"] = AttachedFileSpec(made, signed_pdf(NAMING))
        page = made.pages[0].obj
        page.PieceInfo = Dictionary(Tool=Dictionary(Private=String(NAME)))
        page.Annots = Array([Dictionary(Subtype=Name.FileAttachment, Contents=String(NAME))])
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def with_words(data, **named):
    with Pdf.open(io.BytesIO(data)) as found:
        note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9])
        note.update({f"/{name}": String(words) for name, words in named.items()})
        found.pages[0].obj.Annots = Array([found.make_indirect(note)])
        out = io.BytesIO()
        found.save(out)
    return out.getvalue()


def test_only_the_pages_are_kept():
    shown = beside.stripped(telling())
    assert b"Durand" not in shown and "Durand" not in beside.said(shown)
    with Pdf.open(io.BytesIO(shown)) as found:
        assert not found.attachments and not list(found.docinfo) and Name.Metadata not in found.Root
        assert list(found.pages[0].obj.Annots) == []
    with pypdfium2.PdfDocument(shown) as drawn:
        assert "Une concession est accordée." in drawn[0].get_textpage().get_text_range()


def test_what_an_older_state_of_the_file_said_is_gone():
    """A tool that appends leaves the former object in the bytes."""
    with Pdf.open(io.BytesIO(signed_pdf("Une concession."))) as made:
        made.Root.Zqx = made.make_indirect(Dictionary(Said=String(NAME)))
        del made.Root.Zqx
        first = io.BytesIO()
        made.save(first)
    kept = first.getvalue() + f"\n9999 0 obj\n({NAME})\nendobj\n".encode()
    assert b"Durand" in kept and b"Durand" not in beside.stripped(kept)


@pytest.mark.parametrize("name", ["Contents", "Alt", "ActualText", "TU"])
def test_words_that_are_not_drawn_are_read(desk, name):
    act = desk.sign(desk.act(NAMING, point=8))
    for flag in act.flags.all():
        operations.choose(flag=flag, choice=Choice.MASKED, reason="Particulière.", by=desk.secretary)
    data = with_words(signed_pdf("Une concession est accordée."), **{name: f"Tombe de {NAME}"})
    operations.deposit_masked(act=act, data=data, file_name="masque.pdf", by=desk.secretary)
    with pytest.raises(Refused, match="La version publique montre encore « Mme Jeanne Durand »"):
        publish(desk, act)
    operations.deposit_masked(act=act, data=telling(), file_name="masque.pdf", by=desk.secretary)
    made = publish(desk, act)
    kept = files.newest(act, FileRole.MASKED)
    assert made.sha256 == kept.sha256 and b"Durand" not in operations._bytes(kept)


def test_a_file_that_does_not_open_is_refused():
    with pikepdf.new() as made:
        made.add_blank_page()
        out = io.BytesIO()
        made.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    for data in (out.getvalue(), b"%PDF-1.7 rien"):
        with pytest.raises(Refused, match="ne s’ouvre pas"):
            beside.stripped(data)
