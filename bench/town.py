"""A town of N pages, written straight into the tables: what is measured is reading it."""

import sys
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Locale, Page  # noqa: E402

from kb.access import inheritance  # noqa: E402
from kb.access.models import Grant, Role  # noqa: E402
from kb.pages.models import ArticlePage, HomePage  # noqa: E402
from kb.people.models import Town, User  # noqa: E402
from kb.people.operations import found_town, open_account  # noqa: E402

PASSWORD = "une-longue-phrase-42"
BODY = (
    '[{"type": "paragraph", "id": "a", "value": "<h2>Objet</h2><p>Le <b>conseil</b> examine le dossier et renvoie à '
    '<a linktype=\\"page\\" id=\\"%d\\">la page voisine</a>.</p><h2>Suite</h2><ul><li>un</li><li>deux</li></ul>'
    '<p>%s</p>"}]'
)
FILLER = "La commune entretient ses chemins, son école et sa salle, avec les moyens qu’elle vote chaque année. " * 12
BRANCHING = 20


def build(pages: int) -> None:
    """Migrates, founds a town and writes its pages."""
    call_command("migrate", verbosity=0)
    if Town.objects.exists():
        return
    found_town(town_name="Banc", first_name="A", last_name="B", email="a@banc.example", password=PASSWORD)
    open_account(first_name="Lec", last_name="Teur", email="l@banc.example", groups=("Élus",), password=PASSWORD)
    home = HomePage.objects.get()
    Grant.objects.create(page=home, group=Group.objects.get(name="Élus"), role=Role.READER)
    with transaction.atomic():
        _write(home, pages)
        inheritance.rebuild()


def _write(home: Page, pages: int) -> None:
    kind = ContentType.objects.get_for_model(ArticlePage)
    now, locale = timezone.now(), Locale.get_default()
    rows: list[Page] = []
    known: list[tuple[str, int, str]] = [(home.path, home.depth, home.url_path)]
    counts: dict[str, int] = {}
    for number in range(pages):
        path, depth, url = known[number // BRANCHING]
        counts[path] = counts.get(path, 0) + 1
        row = Page(
            path=Page._get_path(path, depth + 1, counts[path]),
            depth=depth + 1,
            numchild=0,
            title=f"Fiche {number}",
            draft_title=f"Fiche {number}",
            slug=f"fiche-{number}",
            url_path=f"{url}fiche-{number}/",
            content_type=kind,
            live=True,
            last_published_at=now,
            locale=locale,
            owner_id=1,
        )
        rows.append(row)
        known.append((row.path, row.depth, row.url_path))
    Page.objects.bulk_create(rows, batch_size=500)
    ids = list(Page.objects.filter(content_type=kind).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO kb_articlepage (page_ptr_id, summary, body, children_shown, kind) VALUES (%s, %s, %s, %s, %s)",
            [(pk, "Résumé", BODY % (ids[i - 1], FILLER), "list", "note") for i, pk in enumerate(ids)],
        )
        cursor.executemany(
            "INSERT INTO kb_pagelink (page_id, target_id, in_live, in_draft) VALUES (%s, %s, %s, %s)",
            [(pk, ids[i - 1], True, True) for i, pk in enumerate(ids)],
        )
        cursor.execute(
            "UPDATE wagtailcore_page SET numchild = (SELECT count(*) FROM wagtailcore_page c "
            "WHERE c.depth = wagtailcore_page.depth + 1 AND substr(c.path, 1, length(wagtailcore_page.path)) = "
            "wagtailcore_page.path) WHERE depth <= 2"
        )


def session() -> str:
    """The session cookie of the reader."""
    client = Client()
    client.force_login(User.objects.named("l@banc.example"), backend="kb.people.backends.SignInNameOrEmail")
    value: Any = client.cookies["sessionid"].value
    return str(value)


if __name__ == "__main__":
    build(int(sys.argv[1]))
    ids = Page.objects.filter(depth__gt=2).order_by("?").values_list("pk", flat=True)[:150]
    print(session(), *ids)
