"""Our French over Wagtail's: what is served is what is written, it names no variable of its own, and it is used."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext as translated
from django.utils.translation import ngettext

FOLDER = Path(settings.LOCALE_PATHS[0]) / "fr" / "LC_MESSAGES"
_LINE = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) (".*")$|^(".*")$')
_VARIABLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def written() -> list[dict[str, str]]:
    """The entries of the .po, its header left out."""
    entries: list[dict[str, str]] = []
    field = ""
    for line in (FOLDER / "django.po").read_text().splitlines():
        found = _LINE.match(line)
        if not found:
            continue
        if found[1] == "msgid":
            entries.append({})
        field = found[1] or field
        entries[-1][field] = entries[-1].get(field, "") + ast.literal_eval(found[2] or found[3])
    return [entry for entry in entries if entry["msgid"]]


def test_the_compiled_words_are_those_written():
    expected: dict[str | tuple[str, int], str] = {}
    for entry in written():
        if "msgid_plural" in entry:
            expected |= {(entry["msgid"], number): entry[f"msgstr[{number}]"] for number in (0, 1)}
        else:
            expected[entry["msgid"]] = entry["msgstr"]
    with (FOLDER / "django.mo").open("rb") as compiled:
        served = dict(gettext.GNUTranslations(compiled)._catalog)
    served.pop("")
    assert served == expected, "run « make words »"


def test_no_variable_is_invented_or_lost():
    for entry in written():
        known = set(_VARIABLE.findall(entry["msgid"]))
        for field, words in entry.items():
            if field.startswith("msgstr"):
                assert set(_VARIABLE.findall(words)) <= known, words


def test_nobody_is_spoken_to_in_two_genders():
    for entry in written():
        for field, words in entry.items():
            if field.startswith("msgstr"):
                assert not re.search(r"\w\((?:e|le|la|tte|ve|ne)\)|Wagtail", words), words


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("Add %(label)s", "Ajouter\u00a0: %(label)s"),
        ("New: %(model_name)s", "À créer\u00a0: %(model_name)s"),
        ("Published", "Publication"),
        ("Any date", "Toutes les dates"),
    ],
)
def test_they_come_before_wagtails(english, french):
    assert translated(english) == french


def test_a_file_used_twice():
    assert ngettext("Used %(usage_count)s time", "Used %(usage_count)s times", 2) == "Sert %(usage_count)s fois"
