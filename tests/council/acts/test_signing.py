"""Signed papers come back: recognised, asked for, flagged when the text moves."""

import io
from uuid import uuid4

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied

from council.acts import minutes, operations, papers, signing
from council.acts.content import Content
from council.acts.matching import Found
from council.acts.models import SignedCopy, SignedPaper
from council.acts.papers import ActPaper
from council.floor import operations as floor
from council.floor.operations import Entry
from kb.documents.extraction import ocr
from kb.documents.extraction.states import Reason
from kb.exchange import pdf
from kb.refusals import Refused
from kb.work import operations as work
from tests.pictures import png

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not pdf.is_available(), reason="Pango is not installed")]


def drop(acts, data, name):
    """The one copy that a file makes."""
    (copy,) = signing.receive(sitting=acts.sitting, file=io.BytesIO(data), file_name=name, by=acts.secretary)
    return copy


def newest(deliberation):
    """The copy that counts."""
    return SignedCopy.objects.filter(deliberation=deliberation, set_aside_at=None).latest("at", "pk")


def printed(acts, place=0):
    return papers.made(papers.of_act(Content(acts.sitting), acts.deliberations[place], ActPaper.WHOLE), "pdf")


def test_a_file_finds_its_act_by_its_name_or_by_what_it_says(acts):
    acts.run()
    first, second, _third = acts.deliberations
    assert drop(acts, png(), f"{first.written} signée.png").deliberation == first
    copy = drop(acts, printed(acts, 1), "scan0001.pdf")
    assert copy.deliberation == second and newest(second) == copy
    assert (copy.size, len(copy.sha256), copy.mime) == (len(copy.file.read()), 64, "application/pdf")
    unknown = drop(acts, png(colour="#010203"), "IMG_0042.png")
    assert (unknown.paper, unknown.deliberation) == ("", None)
    signing.say(copy=unknown, found=Found(SignedPaper.ATTENDANCE), by=acts.secretary)
    unknown.refresh_from_db()
    assert unknown.paper == SignedPaper.ATTENDANCE and not signing.is_stale(Content(acts.sitting), unknown)


@pytest.mark.skipif(ocr.tesseract().missing != Reason.NONE, reason="Tesseract is not installed")
def test_a_scan_without_letters_is_read_then_finds_its_act(acts):
    acts.run()
    out = io.BytesIO()
    with pypdfium2.PdfDocument(printed(acts, 1)) as found:
        found[0].render(scale=200 / 72).to_pil().save(out, "PNG")
    scan, other = drop(acts, out.getvalue(), "SCAN_0001.png"), drop(acts, png(), "SCAN_0002.png")
    assert (scan.paper, other.paper) == ("", "")
    work.drain()
    scan.refresh_from_db()
    other.refresh_from_db()
    assert (scan.deliberation, other.paper) == (acts.deliberations[1], "")
    signing.set_aside(copy=other, by=acts.secretary)
    signing.recognise(other.pk)
    signing.recognise(scan.pk)  # again changes nothing
    assert SignedCopy.objects.filter(paper="").count() == 1


def as_scan(data):
    """The same pages, as a copier sees them."""
    with pypdfium2.PdfDocument(data) as found:
        pages = [page.render(scale=200 / 72).to_pil().convert("L") for page in found]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return out.getvalue()


EACH = ["", "attendance", "closing", "deliberation", "deliberation", "deliberation"]


def test_the_whole_folder_signed_electronically_is_parted(acts):
    acts.run()
    folder = papers.made(papers.of_sitting(Content(acts.sitting), papers.Paper.FOLDER), "pdf")
    signing.receive(sitting=acts.sitting, file=io.BytesIO(folder), file_name="parapheur.pdf", by=acts.secretary)
    assert sorted(SignedCopy.objects.values_list("paper", flat=True)) == EACH
    whole = SignedCopy.objects.get(paper="")
    assert whole.set_aside_at and whole.file.read() == folder
    for act in acts.deliberations:
        said = newest(act)
        assert said.file_name == f"{act.written}.pdf" and not signing.is_stale(Content(acts.sitting), said)


@pytest.mark.skipif(ocr.tesseract().missing != Reason.NONE, reason="Tesseract is not installed")
def test_the_whole_folder_scanned_at_once_is_read_and_parted(acts):
    acts.run()
    folder = papers.made(papers.of_sitting(Content(acts.sitting), papers.Paper.FOLDER), "pdf")
    assert drop(acts, as_scan(folder), "SCAN_0003.pdf").paper == ""
    work.drain()
    assert sorted(SignedCopy.objects.values_list("paper", flat=True)) == EACH
    assert [newest(one).file_name for one in acts.deliberations] == [f"{one.written}.pdf" for one in acts.deliberations]


def test_a_copy_is_flagged_when_the_text_moves(acts):
    acts.run()
    first = acts.deliberations[0]
    copy = drop(acts, printed(acts), "a.pdf")
    assert not signing.is_stale(Content(acts.sitting), copy)
    operations.correct(deliberation=first, object="Autre objet", text=first.text, reason="Plume", by=acts.secretary)
    assert signing.is_stale(Content(acts.sitting), copy)
    again = drop(acts, png(), f"{first.written}.png")
    assert newest(first) == again and not signing.is_stale(Content(acts.sitting), again)
    assert SignedCopy.objects.count() == 2  # what was signed before stays


def test_a_signed_proces_verbal_waits_for_the_arrete_and_is_flagged_after_a_correction(acts):
    acts.run()
    with pytest.raises(Refused, match="n’est pas arrêté"):
        drop(acts, png(), "PV.png")
    assert not SignedCopy.objects.exists()
    minutes.send(sitting=acts.sitting, by=acts.secretary)
    acts.following()
    minutes.approve(sitting=acts.sitting, remarks="", by=acts.secretary)
    copy = drop(acts, png(), "PV.png")
    assert copy.paper == SignedPaper.MINUTES and not signing.is_stale(Content(acts.sitting), copy)
    floor.correct(
        sitting=acts.sitting,
        entry=Entry(uuid4(), "correct"),
        event=acts.vote,
        reason="Mal compté",
        change={"with": {"votes": {acts.key(4): "abstention"}}},
        by=acts.secretary,
    )
    assert signing.is_stale(Content(acts.sitting), copy)


def test_what_is_refused_leaves_nothing(acts):
    acts.open(5)
    with pytest.raises(Refused, match="n’est pas levée"):
        drop(acts, png(), "a.png")
    acts.close()
    with pytest.raises(Refused, match="n’est pas accepté"):
        drop(acts, b"MZ\x90\x00 not a paper", "a.exe")
    drop(acts, png(), "a.png")
    with pytest.raises(Refused, match="est déjà là"):
        drop(acts, png(), "b.png")
    copy = SignedCopy.objects.get()
    for deed in (
        lambda: signing.receive(sitting=acts.sitting, file=io.BytesIO(png()), file_name="x.png", by=acts.town.outsider),
        lambda: signing.say(copy=copy, found=Found(SignedPaper.CLOSING), by=acts.town.outsider),
        lambda: signing.set_aside(copy=copy, by=acts.town.outsider),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    signing.set_aside(copy=copy, by=acts.secretary)
    copy.refresh_from_db()
    assert copy.set_aside_at and copy.file.storage.exists(copy.file.name)
