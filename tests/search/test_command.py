"""`manage.py search`: the answer that the screen gives, with the person's rights, in lines or in JSON."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kb.access import operations as access

pytestmark = pytest.mark.django_db
KEYS = {
    "rank", "score", "kind", "sort", "title", "path", "address", "page", "document", "version", "file_page", "snippet",
    "stands", "author", "dated",
}  # fmt: skip


@pytest.fixture
def school(town: Any) -> Any:
    service = town.service("École et enfance")
    page = town.page("Isolation de l’école", "<p>Les combles de l’école ont reçu de la laine.</p>", under=service)
    secret = town.page("Isolation du contentieux", "<p>Une isolation secrète.</p>", under=service)
    access.reserve(page=secret, by=town.admin)
    return page


def asked(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("search", *arguments, stdout=out, **options)
    return out.getvalue()


def test_in_json(town: Any, school: Any) -> None:
    answer = json.loads(asked("isolation", person=town.elu.email.upper(), json=True))
    assert (answer["query"], answer["total"], answer["did_you_mean"]) == ("isolation", 1, "")
    assert answer["facets"]["service"] == {str(school.get_parent().pk): 1}
    (hit,) = answer["results"]
    assert set(hit) == KEYS
    assert (hit["rank"], hit["title"], hit["page"], hit["document"]) == (1, school.title, school.pk, None)
    assert hit["author"] == str(school.live_revision.user)
    assert hit["path"][-1] == "École et enfance" and "combles" in hit["snippet"]


def test_in_lines_its_facets_say_what_the_screen_says(town: Any, school: Any) -> None:
    lines = asked("isolation", person=town.elu.username).splitlines()
    assert lines[0] == "1 résultat pour « isolation »"
    assert "Nature : Pages (1)" in lines and "Service : École et enfance (1)" in lines
    assert not [line for line in lines if "contentieux" in line]


def test_without_a_person_it_is_the_public(town: Any, school: Any) -> None:
    assert json.loads(asked("isolation", json=True))["total"] == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [({"person": "personne.ici"}, "personne.ici"), ({"limit": 0}, "--limit : il faut un nombre d’au moins 1.")],
)
def test_what_it_refuses(town: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        asked("isolation", **options)
