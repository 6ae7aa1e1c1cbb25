"""Backups: taken while the site is used, whole or not at all, restored elsewhere as the same site."""

import hashlib
import os
import signal
import sqlite3
import tarfile
import time
from pathlib import Path

import pytest

from kb.backup import contents, databases
from tests.processes import Installation


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    site = Installation(tmp_path_factory.mktemp("site")).found()
    site.python(
        "import io; from kb.documents.operations import deposit; from kb.people.models import User;"
        "[deposit(file=io.BytesIO(f'Fichier {n}'.encode()*1000), file_name=f'n{n}.txt', author=User.objects.get()) for n in range(20)]"
    )
    return site


def content(folder):
    """Every row of every table, and the digest of every original file."""
    with sqlite3.connect(folder / databases.SQLITE) as database:
        names = [n for (n,) in database.execute("select name from sqlite_master where type='table' order by 1")]
        tables = {n: sorted(map(repr, database.execute(f"select * from {n}"))) for n in names if n != "kb_backuprecord"}
    files = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "files").rglob("*"))
        if path.is_file()
    }
    return tables, files, (folder / contents.SECRET).read_text()


def test_restored_elsewhere_it_is_the_same_site(town, tmp_path):
    made = town.manage("backup").strip()
    elsewhere = Installation(tmp_path / "ailleurs")
    assert "restauré" in elsewhere.manage("restore", made)
    assert content(elsewhere.folder) == content(town.folder)
    assert (
        elsewhere.python(
            "from kb.documents.models import *; v=DocumentVersion.objects.first(); print(len(v.file.open().read()) == v.size)"
        )
        == "True"
    )
    assert "il y a déjà un site" in elsewhere.manage("restore", made, check=False).lower()
    assert "gardé dans" in elsewhere.manage("restore", made, "--force")


def test_a_restored_site_knows_the_date_of_its_own_backup(town, tmp_path):
    made = Path(town.manage("backup").strip())
    elsewhere = Installation(tmp_path / "ailleurs")
    elsewhere.manage("restore", str(made))
    with sqlite3.connect(elsewhere.folder / databases.SQLITE) as database:
        rows = database.execute(
            "select finished_at is null, size, sha256 from kb_backuprecord where name = ?", (made.name,)
        ).fetchall()
        unfinished = database.execute("select count(*) from kb_backuprecord where finished_at is null").fetchone()
    assert rows == [(0, made.stat().st_size, hashlib.sha256(made.read_bytes()).hexdigest())]
    assert unfinished == (0,)
    said = elsewhere.python("from kb.backup import queries; print(queries.last_line()); print(repr(queries.alarm()))")
    assert said.startswith("Sauvegardé le ") and said.endswith("''")


def test_taken_while_somebody_writes(town, tmp_path):
    writer = town.start(
        "shell",
        "-v0",
        "--no-imports",
        "-c",
        "import io; from kb.documents.operations import deposit; from kb.people.models import User;\n"
        "while True: deposit(file=io.BytesIO(b'x'*50000), file_name='n.txt', author=User.objects.get())",
    )
    try:
        time.sleep(3)
        made = town.manage("backup").strip()
    finally:
        writer.kill()
        writer.wait()
    elsewhere = Installation(tmp_path / "ailleurs")
    elsewhere.manage("restore", made)
    missing = elsewhere.python(
        "from kb.documents.models import *;"
        "print([v.pk for v in DocumentVersion.objects.all() if not v.file.storage.exists(v.file.name)], DocumentVersion.objects.count() >= 20)"
    )
    assert missing == "[] True"


def test_a_backup_killed_leaves_no_half_archive(town):
    folder = town.folder / "backups"
    before = set(folder.glob("*.tar"))
    process = town.start(
        "shell",
        "-v0",
        "--no-imports",
        "-c",
        "import os; from kb.backup import archive, operations; real = archive._add; seen = [];\n"
        "def add(tar, name, path):\n seen.append(name)\n if len(seen) > 5: os.kill(os.getpid(), 9)\n return real(tar, name, path)\n"
        "archive._add = add; operations.make_backup()",
    )
    assert process.wait(60) == -signal.SIGKILL
    assert set(folder.glob("*.tar")) == before
    town.manage("backup")
    assert list(folder.glob("*.part")) == []


def test_a_damaged_archive_is_refused_before_anything_moves(town, tmp_path):
    made = town.manage("backup").strip()
    data = bytearray(Path(made).read_bytes())
    with tarfile.open(made) as tar:
        member = next(m for m in tar.getmembers() if m.name.startswith("files/documents"))
    data[member.offset_data] ^= 1
    bad = tmp_path / "abimee.tar"
    bad.write_bytes(data)
    elsewhere = Installation(tmp_path / "ailleurs")
    assert "est abîmé dans cette sauvegarde" in elsewhere.manage("restore", str(bad), check=False)
    assert not (elsewhere.folder / databases.SQLITE).exists()
    (tmp_path / "texte.tar").write_text("bonjour")
    assert "n’est pas une sauvegarde" in elsewhere.manage("restore", str(tmp_path / "texte.tar"), check=False)
    assert os.listdir(elsewhere.folder) and not list(elsewhere.folder.glob("*.part"))


def test_the_alarm_rings_after_48_hours(db, town):
    from datetime import timedelta

    from django.utils import timezone

    from kb.backup import queries
    from kb.backup.models import BackupRecord
    from kb.people.account import User

    User.objects.create(username="a", date_joined=timezone.now() - timedelta(hours=49))
    assert "n’a encore jamais été sauvegardé" in queries.alarm()
    record = BackupRecord.objects.create(name="x", finished_at=timezone.now() - timedelta(hours=47))
    assert queries.alarm() == ""
    BackupRecord.objects.filter(pk=record.pk).update(finished_at=timezone.now() - timedelta(hours=49))
    assert "La dernière sauvegarde date du" in queries.alarm()


@pytest.mark.postgresql
def test_on_postgresql_it_is_the_same_site_too(tmp_path, base):
    """The dump and the files are of one moment; what was there is kept; it does not go back to SQLite."""
    here, elsewhere = (Installation(tmp_path / name, DATABASE_URL=base(name)) for name in ("ici", "ailleurs"))
    here.found().python(
        "import io; from kb.documents.operations import deposit; from kb.people.models import User;"
        "[deposit(file=io.BytesIO(f'Fichier {n}'.encode()), file_name=f'n{n}.txt', author=User.objects.get()) for n in range(3)]"
    )
    made = here.manage("backup").strip()
    assert "restauré" in elsewhere.manage("restore", made)
    assert elsewhere.python(ALL_OF_IT) == here.python(ALL_OF_IT)
    assert "il y a déjà un site" in elsewhere.manage("restore", made, check=False).lower()
    elsewhere.python("from kb.people.models import Town; Town.objects.update(name='Autre')")
    assert "gardé dans" in elsewhere.manage("restore", made, "--force")
    assert elsewhere.python(ALL_OF_IT) == here.python(ALL_OF_IT)
    (kept,) = elsewhere.folder.glob("before-restore-*/database.dump")
    assert kept.read_bytes().startswith(b"PGDMP")
    said = Installation(tmp_path / "sqlite").manage("restore", made, check=False)
    assert "celle d’un site sur PostgreSQL" in said and "réglé pour SQLite" in said


@pytest.mark.postgresql
def test_a_town_moves_from_sqlite_to_postgresql(tmp_path, base):
    """Restored where DATABASE_URL names a server: every row, every file, and the next number of each table."""
    here = Installation(tmp_path / "ici").found()
    here.python(DEPOSITS)
    made = here.manage("backup").strip()
    there = Installation(tmp_path / "la", DATABASE_URL=base("parti"))
    assert "restauré" in there.manage("restore", made)
    assert there.python(EVERY_ROW) == here.python(EVERY_ROW)
    assert not (there.folder / databases.SQLITE).exists()
    assert there.manage("search", "Fichier", "--as", "a@essai.example", "--json") == here.manage(
        "search", "Fichier", "--as", "a@essai.example", "--json"
    )
    there.python(DEPOSITS.replace("Fichier", "Encore"))
    assert there.python("from kb.documents.models import *; print(DocumentVersion.objects.count())") == "6"
    assert "il y a déjà un site" in there.manage("restore", made, check=False).lower()
    assert "gardé dans" in there.manage("restore", made, "--force")
    assert there.python(EVERY_ROW) == here.python(EVERY_ROW)


@pytest.mark.postgresql
def test_what_cannot_move_leaves_the_server_as_it_was(tmp_path, base):
    here = Installation(tmp_path / "ici").found()
    older = Path(here.manage("backup").strip())
    there = Installation(tmp_path / "la", DATABASE_URL=base("refus")).found()
    before = there.python(EVERY_ROW)
    with sqlite3.connect(here.folder / databases.SQLITE) as database:
        database.execute("delete from django_migrations where app = 'search' and name like '0008%'")
    said = there.manage("restore", here.manage("backup").strip(), "--force", check=False)
    assert "vient d’une version plus ancienne" in said and "Rien n’a changé." in said
    with sqlite3.connect(here.folder / databases.SQLITE) as database:
        database.execute(
            "insert into django_migrations (app, name, applied) select app, replace(name, '0007_papers', '0008_papers_back'), applied from django_migrations where name = '0007_papers'"
        )
        database.execute("update kb_user set username = 'a' || char(0) || 'b'")
    said = there.manage("restore", here.manage("backup").strip(), "--force", check=False)
    assert "PostgreSQL refuse une ligne" in said and "Rien n’a changé." in said
    assert there.python(EVERY_ROW) == before and older.exists()


DEPOSITS = """
import io
from kb.documents.operations import deposit
from kb.people.models import User
for n in range(3):
    deposit(file=io.BytesIO(f"Fichier {n}".encode()), file_name=f"n{n}.txt", author=User.objects.get())
"""
EVERY_ROW = """
import json
from django.apps import apps
for model in apps.get_models(include_auto_created=True):
    if model._meta.proxy or model._meta.db_table in {"kb_backuprecord", "wagtailsearch_indexentry_fts"}:
        continue
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    rows = model._base_manager.values_list(*[field.attname for field in fields])
    said = [[field.get_prep_value(value) for field, value in zip(fields, row)] for row in rows]
    print(model._meta.db_table, sorted(json.dumps(row, sort_keys=True, default=str) for row in said))
"""


ALL_OF_IT = """
import hashlib
from django.db import connection
from kb.documents.models import DocumentVersion
digest = hashlib.sha256()
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names()):
        if table != "kb_backuprecord":
            cursor.execute(f'SELECT * FROM "{table}"')
            digest.update(repr([table, sorted(map(repr, cursor.fetchall()))]).encode())
files = [hashlib.sha256(v.file.open().read()).hexdigest() == v.sha256 for v in DocumentVersion.objects.all()]
print(digest.hexdigest(), files)
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """Makes a base of the tests' server, its tables there and empty, and gives its DATABASE_URL. Migrated once."""
    import psycopg

    server = os.environ["TEST_DATABASE_URL"]

    def create(name, template):
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return server.replace("/postgres?", f"/{name}?")

    Installation(tmp_path_factory.mktemp("gabarit"), DATABASE_URL=create("gabarit", "template1")).manage(
        "migrate", "-v0"
    )
    return lambda name: create(name, "gabarit")
