"""CPU of the edit form, of a save and of a publication of one page in the admin: `product` or `bare`.

One round for each line read: `python -m bench` asks the two in turn, so that a busy moment weighs on both.
"""

import sys
import time
from importlib import import_module
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from wagtail.models import Page  # noqa: E402
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield  # noqa: E402

TEXT = "<p>La commune entretient ses chemins et son école.</p>" * 10


def product() -> tuple[Any, Client, dict[str, Any]]:
    """A page of the product, its administrator, what its form posts."""
    from kb.pages import operations
    from kb.pages.models import ArticlePage, HomePage
    from kb.people.operations import found_town

    call_command("collectstatic", verbosity=0, interactive=False)
    import_module("config.wsgi")  # what a process that serves does at its start
    admin = found_town(
        town_name="Banc", first_name="A", last_name="B", email="a@banc.example", password="une-longue-phrase-42"
    )
    page = operations.create_page(
        parent=HomePage.objects.get(),
        page=ArticlePage(title="Fiche", body=[("paragraph", TEXT)]),
        author=admin,
        publish=True,
    )
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(admin, backend="kb.people.backends.SignInNameOrEmail")
    more = {
        "kind": "note",
        "why": "mesure",
        "tags": "",
        "children_shown": "list",
        "attachments": inline_formset([]),
        "comments": inline_formset([]),
    }
    return page, client, more


def bare() -> tuple[Any, Client, dict[str, Any]]:
    """The same on a bare Wagtail."""
    from bench.bare.models import BarePage

    admin = get_user_model().objects.create_superuser("a", "a@banc.example", "une-longue-phrase-42")
    page = Page.objects.get(depth=2).add_child(instance=BarePage(title="Fiche", body=[("paragraph", TEXT)]))
    page.save_revision(user=admin).publish()
    client = Client()
    client.force_login(admin)
    return page, client, {"seo_title": "", "search_description": "", "comments": inline_formset([])}


def spent(deed: Any) -> float:
    """CPU milliseconds of one deed."""
    start = time.process_time()
    deed()
    return (time.process_time() - start) * 1000


def main() -> None:
    """Says it is ready, then prints three figures for each line read."""
    if sys.argv[1] == "bare":
        call_command("makemigrations", "bare", verbosity=0)
    call_command("migrate", verbosity=0)
    page, client, more = (product if sys.argv[1] == "product" else bare)()
    address = f"/admin/pages/{page.pk}/edit/"
    data = nested_form_data(
        {
            "title": "Fiche",
            "slug": page.slug,
            "summary": "",
            "go_live_at": "",
            "expire_at": "",
            "body": streamfield([("paragraph", rich_text(TEXT))]),
            **more,
        }
    )

    def post(**action: str) -> None:
        answer = client.post(address, {**data, **action})
        if answer.status_code != 302:
            raise SystemExit(f"{answer.status_code}: {answer.context['form'].errors}")

    deeds = (lambda: client.get(address), post, lambda: post(**{"action-publish": "1"}))
    for deed in deeds:
        deed()  # templates are compiled, caches are warm
    print("ready", flush=True)
    for _ in sys.stdin:
        print(*(spent(deed) for deed in deeds), flush=True)


if __name__ == "__main__":
    main()
