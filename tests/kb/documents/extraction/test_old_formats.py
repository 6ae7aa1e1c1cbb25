"""Old Office files: our readers first, LibreOffice where they fail, a word where it is not installed."""

import json
import shutil
import struct
import sys

import pytest

from kb.documents.extraction import libreoffice, old_powerpoint, readers
from tests.kb.documents.extraction import made
from tests.kb.documents.made_files import docx
from tests.kb.samples import needs_samples, sample


def text(reading):
    return "\n---\n".join(page.text for page in reading.pages)


@pytest.fixture
def stand_in(monkeypatch, tmp_path):
    """An executable in the place of LibreOffice: it notes how it was called, and writes what it was given."""

    def install(converted: bytes, code: int = 0):
        (tmp_path / "answer").write_bytes(converted)
        script = tmp_path / "soffice"
        script.write_text(
            f"#!{sys.executable}\n"
            "import json, os, pathlib, sys\n"
            f"pathlib.Path({str(tmp_path / 'called')!r}).write_text(json.dumps([sys.argv[1:], sorted(os.environ), os.listdir()]))\n"
            "target = sys.argv[sys.argv.index('--convert-to') + 1].split(':')[0]\n"
            f"answer = pathlib.Path({str(tmp_path / 'answer')!r}).read_bytes()\n"
            "os.mkdir('out'); pathlib.Path('out/old.' + target).write_bytes(answer) if answer else None\n"
            f"sys.exit({code})\n"
        )
        script.chmod(0o755)
        which = shutil.which
        monkeypatch.setattr(
            shutil,
            "which",
            lambda name: str(script) if name == "soffice" else None if name == "antiword" else which(name),
        )
        return lambda: json.loads((tmp_path / "called").read_text())

    return install


@needs_samples
def test_word_through_libreoffice(stand_in):
    called = stand_in(docx("<w:p><w:r><w:t>Délibération</w:t></w:r></w:p>"))
    reading = readers.read(sample("office/simple_normal_case.doc"), "x.doc")
    assert (reading.state, reading.readers, text(reading)) == ("ok", ["LibreOffice", readers.OURS], "Délibération")
    argv, environment, folder = called()
    assert argv == [
        "--headless",
        "--norestore",
        "--nologo",
        "--nolockcheck",
        "-env:UserInstallation=file:///proc/self/cwd/profile",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        "out",
        "old.doc",
    ]
    assert set(environment) <= {"PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "PWD", "SHLVL", "_"}
    assert sorted(folder) == ["old.doc", "profile"]


@needs_samples
def test_slides_through_libreoffice_when_ours_fails(stand_in):
    called = stand_in(made.pptx(made.slide(made.shape("Le projet"))))
    sound = sample("office/pictures.ppt")
    assert readers.read(sound, "x.ppt").readers == [readers.OURS]
    damaged = sound.replace(b"\x00\x00\xf5\x0f", b"\xff\xff\xff\xff")  # its records of edits
    reading = readers.read(damaged, "x.ppt")
    assert (reading.state, text(reading)) == ("ok", "Le projet")
    assert called()[0][-4:] == ["pptx:Impress MS PowerPoint 2007 XML", "--outdir", "out", "old.ppt"]


def record(kind, body, *, instance=0, container=False):
    return struct.pack("<HHI", instance << 4 | (0xF if container else 0), kind, len(body)) + body


def words(text):
    return record(old_powerpoint.UTF16_TEXT, text.encode("utf-16-le"))


def presentation():
    """A stream saved twice: what the first save held and the second does not is still in the bytes."""

    def persist(reference, identity):
        return record(old_powerpoint.SLIDE_PERSIST, struct.pack("<IIiII", reference, 0, 0, identity, 0))

    def slide(text, *, hidden=False):
        info = struct.pack("<IiBBHB3x", 0, 0, 0, 0, old_powerpoint.HIDDEN if hidden else 0, 0)
        drawn = record(0x040C, record(0xF00D, words(text), container=True), container=True)
        return record(old_powerpoint.SLIDE, record(old_powerpoint.SLIDE_SHOW_INFO, info) + drawn, container=True)

    listed = persist(2, 256) + words("Le titre") + persist(3, 257) + words("zqxsecret")
    notes = persist(4, 900)
    document = record(
        old_powerpoint.DOCUMENT,
        record(old_powerpoint.SLIDE_LIST, listed, container=True)
        + record(old_powerpoint.SLIDE_LIST, notes, instance=old_powerpoint.NOTES_INSTANCE, container=True),
        container=True,
    )
    said = record(old_powerpoint.NOTES, record(0x03F1, struct.pack("<II", 256, 0)) + words("À dire"), container=True)
    objects = [document, slide("zqxsecret"), slide("zqxsecret", hidden=True), said, slide("Le corps")]
    stream, places = b"", []
    for one in objects:
        places.append(len(stream))
        stream += one

    def saved(stream, references, previous):
        directory = len(stream)
        stream += record(
            old_powerpoint.PERSIST_DIRECTORY,
            b"".join(struct.pack("<II", 1 << 20 | number, place) for number, place in references.items()),
        )
        edit = len(stream)
        body = struct.pack("<IIIIII", 0, 0, previous, directory, 1, 5) + b"\0" * 4
        return stream + record(old_powerpoint.USER_EDIT, body), edit

    stream, first = saved(stream, {1: places[0], 2: places[1], 3: places[2], 4: places[3]}, 0)
    return saved(stream, {2: places[4]}, first)


def test_slides_of_the_last_save_alone_less_the_hidden_ones():
    stream, last_edit = presentation()
    assert "zqxsecret".encode("utf-16-le") in stream
    assert list(old_powerpoint.slides(stream, last_edit)) == ["Le titre\nLe corps\nÀ dire", ""]


@needs_samples
def test_what_libreoffice_cannot_read_is_damaged(stand_in):
    stand_in(b"")
    reading = readers.read(sample("office/simple_normal_case.doc"), "x.doc")
    assert (reading.state, reading.reason) == ("failed", "damaged")


@needs_samples
def test_without_libreoffice_the_file_waits_for_it(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    reading = readers.read(sample("office/simple_normal_case.doc"), "x.doc")
    assert (reading.state, reading.words) == (
        "waiting_for_program",
        "lecture en attente : LibreOffice n’est pas installé",
    )


@needs_samples
@pytest.mark.skipif(libreoffice.program() is None, reason="LibreOffice is not installed: its reader runs on a stand-in")
def test_the_true_libreoffice():
    converted = libreoffice.converted(sample("office/simple_normal_case.doc"), source="doc", target="docx")
    assert "This is a sample Word document" in text(readers.read(converted, "x.docx"))
