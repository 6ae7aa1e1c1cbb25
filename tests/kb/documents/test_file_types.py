import io

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from kb.documents.file_types import (
    ACCEPTED_BY_DEFAULT,
    Kind,
    RefusedFile,
    State,
    decoded,
    fitting_name,
    judge,
    safe_name,
)
from tests.kb.documents.made_files import CONTENT_TYPES, docx, odt, pdf, picture, zipped
from tests.kb.samples import SAMPLES, needs_samples

AWKWARD = {
    "file1.pdf": (
        Kind.TEXT,
        State.SOUND,
        "« file1.pdf » n’est pas un fichier .pdf : son contenu est du type « texte ».",
    ),
    "protect.xlsx": (
        Kind.XLSX,
        State.ENCRYPTED,
        "« protect.xlsx » est protégé par un mot de passe : son texte ne peut pas être lu. "
        "Enregistrez-le sans mot de passe, puis remplacez-le.",
    ),
    "testODTEncrypted.odt": (
        Kind.ODT,
        State.ENCRYPTED,
        "« testODTEncrypted.odt » est protégé par un mot de passe : son texte ne peut pas être lu. "
        "Enregistrez-le sans mot de passe, puis remplacez-le.",
    ),
}


@needs_samples
def test_every_sample_is_recognised_by_its_bytes():
    files = sorted(path for path in SAMPLES.glob("*/*") if path.is_file())
    expected = {
        path.name: AWKWARD.get(path.name, (Kind("text" if path.suffix == ".txt" else path.suffix[1:]), State.SOUND, ""))
        for path in files
    }
    judged = {path.name: judge(path.read_bytes(), path.name) for path in files}
    assert {name: (found.kind, found.state, found.problem) for name, found in judged.items()} == expected
    nameless = {path.name: judge(path.read_bytes(), "x").kind for path in files}
    assert nameless == {name: Kind.DOCX if name == "protect.xlsx" else found.kind for name, found in judged.items()}


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (docx(), "a", Kind.DOCX),
        (odt(), "a", Kind.ODT),
        (pdf(), "a.exe", Kind.PDF),
        (pdf(encryption="open"), "a", Kind.PDF),
        (picture("PNG"), "a", Kind.PNG),
        (picture("JPEG"), "a", Kind.JPEG),
        (picture("GIF"), "a", Kind.GIF),
        (picture("WEBP"), "a", Kind.WEBP),
        (picture("TIFF"), "a", Kind.TIFF),
        (b"{\\rtf1 mot}\n", "a", Kind.RTF),
        (b"<!DOCTYPE html><p>x", "a.txt", Kind.HTML),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "a", Kind.XML),
        (b"a;b\n1;2", "a.csv", Kind.CSV),
        ("Délibération".encode("cp850"), "a.txt", Kind.TEXT),
        ("Délibération".encode("utf-16"), "a.txt", Kind.TEXT),
        (b"From: a@x.fr\r\nTo: b@x.fr\r\nSubject: =?utf-8?q?x?=\r\n\r\nmot", "a.txt", Kind.EML),
        (b"From: a@x.fr\nTo: b@x.fr\nSubject: x\nContent-Type: application/pdf\n\n%PDF-1.7\0\xff", "a.eml", Kind.EML),
        (b"Objet : note\nFrom: moi\n\nmot", "a.txt", Kind.TEXT),
    ],
)
def test_the_bytes_tell_the_kind(data, name, kind):
    found = judge(data, name)
    assert (found.kind, found.state) == (kind, State.SOUND)
    assert judge(io.BytesIO(data), name) == found


@pytest.mark.parametrize(
    ("data", "name", "state"),
    [
        (docx()[:-100], "a.docx", State.DAMAGED),
        (odt()[:-100], "a.odt", State.DAMAGED),
        (pdf()[:-30], "a.pdf", State.DAMAGED),
        (picture("PNG")[:-20], "a.png", State.DAMAGED),
        (picture("JPEG")[:-20], "a.jpg", State.DAMAGED),
        (b"{\\rtf1 mot", "a.rtf", State.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", State.DAMAGED),
        (pdf(encryption="locked"), "a.pdf", State.ENCRYPTED),
    ],
)
def test_what_cannot_be_read_says_so_and_can_be_kept(data, name, state):
    found = judge(data, name)
    words = {
        State.DAMAGED: f"« {name} » est incomplet ou abîmé : son texte ne peut pas être lu. "
        "Vérifiez qu’il s’ouvre sur votre poste, puis déposez-le à nouveau.",
        State.ENCRYPTED: f"« {name} » est protégé par un mot de passe : son texte ne peut pas être lu. "
        "Enregistrez-le sans mot de passe, puis remplacez-le.",
    }
    assert (found.extension, found.state, found.problem) == (name.split(".")[1], state, words[state])


MACROS = CONTENT_TYPES.format(part="word/document.xml", type="application/vnd.ms-word.document.macroEnabled.main+xml")
REFUSALS = [
    (
        b"",
        "vide.pdf",
        "« vide.pdf » est vide (0 octet). Vérifiez le fichier d’origine, puis déposez-le à nouveau.",
    ),
    (
        b"MZ\x90\0\x03\0\0\0" + b"\0" * 100,
        "facture.pdf",
        "« facture.pdf » n’est pas accepté. C’est un programme, et aucun programme n’est accepté. Déposez le document lui-même.",
    ),
    (
        b"WScript.Echo 1",
        "note.vbs",
        "« note.vbs » n’est pas accepté. C’est un programme, et aucun programme n’est accepté. Déposez le document lui-même.",
    ),
    (
        b"#!/bin/sh\n",
        "note.txt",
        "« note.txt » n’est pas accepté. C’est un programme, et aucun programme n’est accepté. Déposez le document lui-même.",
    ),
    (
        zipped({"a.pdf": b"%PDF-"}),
        "plans.zip",
        "« plans.zip » n’est pas accepté. C’est une archive compressée : ouvrez-la, puis déposez un à un les fichiers qu’elle contient.",
    ),
    (
        zipped({"[Content_Types].xml": MACROS, "word/document.xml": "<a/>"}),
        "modèle.docx",
        "« modèle.docx » n’est pas accepté. Il contient des macros : enregistrez-le sans macros (.docx, .xlsx ou .pptx), puis déposez-le.",
    ),
    (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        "logo.svg",
        "« logo.svg » n’est pas accepté. Un dessin SVG peut contenir un programme : exportez-le en PNG ou en PDF, puis déposez-le.",
    ),
    (
        bytes(range(256)) * 4,
        "x.dwg",
        "« x.dwg » n’est pas accepté. Son contenu n’est d’aucun type reconnu : enregistrez-le en PDF, Word, Excel, LibreOffice, "
        "texte, image ou courriel, puis déposez-le.",
    ),
    (
        docx(word__media__bomb=b"\0" * 60_000_000),
        "bombe.docx",
        "« bombe.docx » n’est pas accepté : un de ses morceaux grossit plus de 200 fois à la décompression, comme le ferait un "
        "fichier piégé. Ouvrez-le dans son logiciel, enregistrez-le à nouveau ou exportez-le en PDF, puis déposez-le.",
    ),
]


@pytest.mark.parametrize(("data", "name", "message"), REFUSALS, ids=[name for _, name, _ in REFUSALS])
def test_a_refusal_names_the_file_the_reason_and_the_way_out(data, name, message):
    with pytest.raises(RefusedFile) as caught:
        judge(data, name)
    assert caught.value.message == message


def test_a_town_sets_the_size_and_the_kinds():
    with override_settings(MAX_UPLOAD_MB=0), pytest.raises(RefusedFile) as caught:
        judge(b"mot", "a.txt")
    assert caught.value.message == (
        "« a.txt » pèse 0 Mo, plus que les 0 Mo permis. Réduisez-le (images moins lourdes, export PDF) "
        "ou coupez-le en plusieurs fichiers."
    )
    with override_settings(ACCEPTED_FILE_KINDS=["archive"]):
        assert judge(zipped({"a": b"b"}), "a.zip").kind is Kind.ARCHIVE
        with pytest.raises(RefusedFile):
            judge(pdf(), "a.pdf")
    assert Kind.PDF in ACCEPTED_BY_DEFAULT


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Délibé 🏛️ été.docx", "Délibé 🏛️ été.docx"),
        ("e\u0301lu.pdf", "élu.pdf"),
        ("a\nb\u202efdp.exe", "a bfdp.exe"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Dossiers\\Budget 2024/2025.xlsx", "Dossiers-Budget 2024-2025.xlsx"),
        ("a\x00b\x07.txt", "ab.txt"),
        ('a"b<c>:d?.txt', "a-b-c--d-.txt"),
        ("con.txt", "_con.txt"),
        ("...", "document"),
        ("", "document"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("👨\u200d👩\u200d👧" * 60 + ".odt", "👨\u200d👩\u200d👧" * 13 + ".odt"),
    ],
)
def test_a_name_is_made_safe_and_stays_itself(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_is_safe(name):
    safe = safe_name(name)
    assert safe == safe_name(safe)
    assert 0 < len(safe) <= 150 and len(safe.encode()) <= 255
    assert not set(safe) & set('/\\\n\r\0<>:"|?*\u202e\u200f')
    assert safe not in {".", ".."}


def test_the_kept_name_tells_the_truth():
    assert fitting_name("facture.pdf", judge(pdf(), "facture.pdf")) == "facture.pdf"
    assert fitting_name("facture.exe", judge(pdf(), "facture.exe")) == "facture.exe.pdf"
    assert fitting_name("photo.JPEG", judge(picture("JPEG"), "x")) == "photo.JPEG"
    assert fitting_name("x" * 150, judge(pdf(), "x")) == "x" * 138 + ".pdf"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15", "cp850", "mac_roman"])
def test_every_french_encoding_is_read(encoding):
    text = "Délibération n° 12 : à l'école, le maïs coûte où ça gêne, né à Noël.\nÉlue."
    assert decoded(text.replace("\n", "\r\n").encode(encoding)) == text
