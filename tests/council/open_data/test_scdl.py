"""SCDL 2.1.5: the columns of the schema, exactly; its constraints and its custom checks, read from the schema itself.

What validata-core checks is written again here, from the schema, for the hundred small cases; test_validata asks it itself.
"""

import csv
import io
import json
import os
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.floor import operations as floor
from council.floor.operations import Entry
from council.follow_up import operations as follow_up
from council.nomenclature import BY_CODE, HEADINGS, matter_name
from council.open_data import scdl
from council.publication import operations, transmission
from council.publication.models import SendingWay
from tests.council.open_data.conftest import SIRET

# Read where they are, beside the repository; SCDL_DIR names another place.
SCDL = Path(os.environ.get("SCDL_DIR", Path(__file__).resolve().parents[4] / "shared" / "data" / "scdl"))
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SCDL.is_dir(), reason="the sample files of SCDL are not beside the repository"),
]


def published_json(name):
    return json.loads((SCDL / name).read_text()) if SCDL.is_dir() else {}


SCHEMA = published_json("deliberations-schema.json")
ACTES = published_json("actes-nomenclature.json")


def errors_of(text):
    """What a validator would say of a file: types, constraints, custom checks of the schema."""
    rows = list(csv.DictReader(io.StringIO(text)))
    header = next(csv.reader(io.StringIO(text)))
    found = [] if header == [field["name"] for field in SCHEMA["fields"]] else ["columns"]
    for place, row in enumerate(rows, 1):
        found += [f"{place} {field['name']}" for field in SCHEMA["fields"] if not fits(row[field["name"]], field)]
        found += [f"{place} {check['name']}" for check in SCHEMA["custom_checks"] if not passes(row, check)]
    return found


def is_day(value):
    try:
        return str(date.fromisoformat(value)) == value
    except ValueError:
        return False


def fits(value, field):
    rules = field.get("constraints", {})
    if not value:
        return not rules.get("required")
    if "pattern" in rules and not re.search(rules["pattern"], value):
        return False
    if field["type"] == "date":
        return is_day(value)
    if field["type"] == "integer":
        return value.isdecimal()
    return field.get("format") != "uri" or bool(urlsplit(value).scheme and urlsplit(value).netloc)


def passes(row, check):
    params = check["params"]
    value = row[params["column"]]
    if check["name"] == "french-siret-value":
        digits = [int(one) * (2 if place % 2 == 0 else 1) for place, one in enumerate(value)]
        return sum(one - 9 if one > 9 else one for one in digits) % 10 == 0
    if check["name"] == "year-interval-value":
        return not value or bool(re.fullmatch(r"\d{4}(/\d{4})?", value))
    if check["name"] == "cohesive-columns-value":
        return len({bool(value), *(bool(row[other]) for other in params["othercolumns"])}) == 1
    if check["name"] == "compare-columns-value":
        other = row[params["column2"]]
        if not value or not other:
            return True
        return value >= other if "DATE" in params["column"] else int(value) >= int(other)
    if check["name"] == "sum-columns-value":
        parts = [row[one] for one in params["columns"]]
        return not value or int(value) == sum(map(int, parts))
    assert check["name"] == "nomenclature-actes-value"
    heading, _, name = value.partition("/")
    return heading in HEADINGS.values() and bool(name) and not name.startswith(" ")


def rows_of(year=None):
    return scdl.export(year or timezone.localdate().year).rows


def test_the_columns_are_those_of_the_schema():
    assert list(scdl.COLUMNS) == [field["name"] for field in SCHEMA["fields"]]
    assert set(BY_CODE) == {row["code"] for row in ACTES["matieres"] if row["niveau"] == 2}
    assert set(HEADINGS) == {row["code"] for row in ACTES["matieres"] if row["niveau"] == 1}
    assert matter_name("7.5") == "Finances locales/Subventions"
    assert not [code for code in BY_CODE if re.search(r"[,()]", matter_name(code))]


def test_a_year_is_valid_and_holds_what_was_voted(desk, published):
    today = timezone.localdate()
    transmission.note_sent(act=published[0], way=SendingWay.ELECTRONIC, nature="1", on=today, by=desk.secretary)
    transmission.note_received(act=published[0], on=today, number="008-1", by=desk.secretary)
    follow_up.note(
        act=published[0], values={"budget_year": today.year, "budget_name": "Budget principal"}, by=desk.secretary
    )
    rows = rows_of()
    assert errors_of(scdl.as_csv(rows)) == []
    first = rows[0]
    assert {name: first[name] for name in ("COLL_NOM", "COLL_SIRET", "DELIB_OBJET", "PREF_ID", "BUDGET_NOM")} == {
        "COLL_NOM": "Valmorin-sur-Drise",
        "COLL_SIRET": SIRET,
        "DELIB_OBJET": "Tarifs de la cantine",
        "PREF_ID": "PREF086",
        "BUDGET_NOM": "Budget principal",
    }
    # Seven in office; five vote, one of them by pouvoir; the one who takes no part does not count.
    assert [first[name] for name in scdl.VOTES] == [7, 5, 4, 1, 0]
    assert first["DELIB_URL"].endswith(published[0].address) and first["PREF_DATE"] == str(today)
    # A secret ballot with blanks does not fit the sum: the five columns stay empty.
    assert [rows[2][name] for name in scdl.VOTES] == [""] * 5


def test_the_checker_sees_what_is_wrong(published):
    rows = rows_of()
    for name, wrong in (
        ("COLL_SIRET", "123"),
        ("VOTE_POUR", 9),
        ("DELIB_MATIERE_NOM", "finances"),
        ("BUDGET_NOM", "x"),
        ("DELIB_DATE", ""),
    ):
        assert errors_of(scdl.as_csv([{**rows[0], name: wrong}])), name


def test_only_what_the_public_may_have(desk, published):
    operations.take_down(
        publication=published[1].publications.get(), on=timezone.localdate(), why="Erreur", by=desk.secretary
    )
    assert [row["DELIB_ID"] for row in rows_of()] == [published[0].written, published[2].written]
    desk.published()  # a décision du maire is no délibération
    assert len(rows_of()) == 2 and rows_of(1999) == []
    desk.council.instance.body = "ccas"
    desk.council.instance.save()
    assert rows_of() == []


def test_a_rejected_proposal_is_not_an_adopted_deliberation(desk, published):
    published[0].deliberation.result = "rejected"
    published[0].deliberation.save()
    assert published[0].written not in [row["DELIB_ID"] for row in rows_of()]


def test_no_cell_is_a_formula(published):
    published[0].publications.update(subject='=HYPERLINK("http://exemple")')
    assert rows_of()[0]["DELIB_OBJET"].startswith("=")
    read = list(csv.DictReader(io.StringIO(scdl.as_csv(rows_of()))))
    assert read[0]["DELIB_OBJET"].startswith("'=")


def test_the_command_writes_the_file(desk, published, tmp_path, capsys):
    year, path = str(timezone.localdate().year), tmp_path / "scdl.csv"
    published[2].deliberation.matter = ""
    published[2].deliberation.save()
    call_command("export_scdl", "--year", year, "-o", str(path))
    assert errors_of(path.read_text(encoding="utf-8")) == []
    said = capsys.readouterr()
    assert f"sans matière : délibération {published[2].written}" in said.err
    for wrong, words in (
        (["-o", str(path)], "quatre chiffres"),
        (["--year", "26", "-o", str(path)], "quatre chiffres"),
        (["--year", year], "-o deliberations.csv"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("export_scdl", *wrong)
    with pytest.raises(CommandError, match="ne s’écrit pas"):
        call_command("export_scdl", "--year", year, "-o", str(tmp_path / "nulle-part" / "x.csv"))


def test_without_a_siret_it_says_where_to_write_it(desk):
    act = desk.sitting_acts()[0]
    desk.sign(act, text=act.subject)
    operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    with pytest.raises(scdl.CannotExport, match="Réglages"):
        scdl.export(timezone.localdate().year)
    assert Client().get(f"/actes/deliberations-{timezone.localdate().year}.csv").status_code == 404


def test_the_public_downloads_it(published):
    answer = Client().get(f"/actes/deliberations-{timezone.localdate().year}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8" and errors_of(answer.content.decode()) == []


def test_a_year_asks_as_much_for_one_as_for_three(published):
    counted = []
    for kept in (3, 1):
        for act in published[kept:]:
            act.publications.all().delete()
        with CaptureQueriesContext(connection) as asked:
            assert len(rows_of()) == kept
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_attendance_and_the_archive_are_for_who_keeps_the_acts(desk, published):
    year = timezone.localdate().year
    secretary, elue = desk.town.signed_in(desk.secretary), desk.town.signed_in(desk.town.elu)
    said = list(
        csv.DictReader(io.StringIO(secretary.get(f"/conseil/actes/presences-{year}.csv").content.decode("utf-8-sig")))
    )
    assert {row["MEMBRE"]: row["PRESENCE"] for row in said} == {
        "Hélène Marchetti": "Présent",
        "Bernard Aubanel": "Présent",
        "Nadia Benkacem": "Présent",
        "Catherine Delmas": "Présent",
        "Michel Bressac": "Présent",
        "Thierry Combe": "Représenté",
        "Robert Sauzet": "Arrivé en cours de séance",
    }
    import hashlib
    import zipfile

    with zipfile.ZipFile(io.BytesIO(secretary.get(f"/conseil/actes/site-{year}.zip").content)) as archive:
        hashes = archive.read("empreintes-sha256.txt").decode().split("\n")[:3]
        for line in hashes:
            digest, _, name = line.partition("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        assert "Tarifs de la cantine" in archive.read("index.html").decode()
    for path in (f"presences-{year}.csv", f"site-{year}.zip"):
        assert elue.get(f"/conseil/actes/{path}").status_code == 403
    assert secretary.get("/conseil/actes/site-1999.zip").status_code == 302
    assert secretary.get("/conseil/actes/site-99999.zip").status_code == 404
    assert secretary.get("/conseil/actes/presences-0.csv").status_code == 404


def test_a_correction_is_not_open_data_before_it_is_published(desk, published):
    first = published[0]
    assert [rows_of()[0][name] for name in scdl.VOTES] == [7, 5, 4, 1, 0]
    totals = {"with": {"votes": None, "others": None, "votes_for": 5, "votes_against": 0, "abstentions": 0}}
    floor.correct(
        sitting=desk.sitting,
        entry=Entry(uuid4(), "correct"),
        event=desk.vote,
        reason="Recompté",
        change=totals,
        by=desk.secretary,
    )
    assert [rows_of()[0][name] for name in scdl.VOTES] == [7, 5, 4, 1, 0]
    desk.sign(first, text=first.subject)
    operations.publish(act=first, up_on=timezone.localdate(), by=desk.secretary)
    assert [rows_of()[0][name] for name in scdl.VOTES] == [7, 5, 5, 0, 0]
