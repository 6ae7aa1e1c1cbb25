"""manage.py extract: one answer per file, in order, and the database is not touched."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from kb.typography import NBSP
from tests.kb.documents.extraction import made
from tests.kb.documents.made_files import docx


def extract(*files, **options):
    """No `db` here: pytest-django fails any test that asks the database."""
    said = StringIO()
    call_command("extract", *map(str, files), stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def files(tmp_path):
    (tmp_path / "pv.pdf").write_bytes(made.pdf(made.written("Séance du 12 mars"), made.written("Levée")))
    (tmp_path / "scan.pdf").write_bytes(made.scan(("Bonjour",)))
    (tmp_path / "abîmé.docx").write_bytes(docx()[:300])
    (tmp_path / "vide.txt").write_bytes(b"")
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 40)
    return tmp_path


def test_json(files):
    names = [files / name for name in ("scan.pdf", "pv.pdf", "absent.pdf", "abîmé.docx", "vide.txt", "film.mp4")]
    answers = json.loads(extract(*names, json=True))
    assert [answer["file"] for answer in answers] == [str(name) for name in names]
    kept = ("state", "kind", "pages", "characters", "sentence")
    assert [tuple(answer[name] for name in kept) for answer in answers] == [
        ("ok", "pdf", 1, 7, f"Texte trouvé (1{NBSP}page, dont 1 par reconnaissance)."),
        ("ok", "pdf", 2, 22, f"Texte trouvé (2{NBSP}pages)."),
        ("failed", "unknown", None, 0, "« absent.pdf » ne se lit pas sur ce disque. Vérifiez son chemin."),
        (
            "failed",
            "docx",
            None,
            0,
            "Illisible : le fichier est incomplet ou abîmé. Vérifiez qu’il s’ouvre sur votre poste, puis remplacez-le.",
        ),
        ("empty", "unknown", None, 0, "Aucun texte."),
        ("unsupported", "video", None, 0, "Ce type de fichier n’a pas de texte à chercher."),
    ]


def test_for_people(files):
    said = extract(files / "pv.pdf", text=True)
    assert said == f"{files / 'pv.pdf'} : ok, pdf. Texte trouvé (2{NBSP}pages).\nSéance du 12 mars\nLevée\n"


def test_without_tesseract_it_says_so(files, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    [answer] = json.loads(extract(files / "scan.pdf", json=True))
    assert (answer["state"], answer["pages"]) == ("waiting_for_ocr", 1)
    assert answer["sentence"].startswith("Lecture en attente : Tesseract n’est pas installé.")
