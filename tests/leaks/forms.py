"""The forms that a screen shows, as a browser would post them, and as somebody who names hidden things would."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from lxml import html

from tests.leaks.planted import Planted

Fields = dict[str, list[str]]
EMPTY = frozenset({"text", "search", "email", "date", "number", "url", "hidden"})
WRITTEN = {
    "title": "Un titre", "slug": "un-titre", "new_title": "Un titre", "new_slug": "un-titre", "name": "Un nom",
    "why": "Pour voir", "titre": "Un titre",
}  # fmt: skip


def forms_in(page: bytes, address: str) -> Iterator[tuple[str, Fields]]:
    """Address and fields of each form that is posted."""
    try:
        tree = html.fromstring(page)
    except html.etree.ParserError:  # an empty answer
        return
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() != "post" or "deconnexion" in (form.get("action") or ""):
            continue
        fields: Fields = {}
        for name, value in form.form_values():
            fields.setdefault(name, []).append(value)
        for button in form.iter("button", "input"):
            if button.get("name") and (button.get("type") or "submit") == "submit":
                fields.setdefault(button.get("name"), []).append(button.get("value") or "")
        for box in form.iter("input", "textarea"):
            if box.get("name") and (box.get("type") or "text") in EMPTY:
                fields.setdefault(box.get("name"), [""])
        if "csrfmiddlewaretoken" not in fields:
            continue  # a script's, which posts elsewhere
        if "attachments-TOTAL_FORMS" in fields:
            fields.setdefault("body-count", ["0"])  # which a script writes
        yield urljoin(address, form.get("action") or ""), fields


def hidden_ids(planted: Planted) -> dict[str, list[Any]]:
    """What a field's name (or its end) says it names → hidden things of that kind."""
    p = planted
    return {
        "document": [p.document.pk],
        "image": [p.image.pk],
        "version": [p.document.current_version_id],
        "chooser": [p.top.pk],
        "new_parent_page": [p.top.pk],
        "parent_page": [p.top.pk],
        "page": [p.page.pk],
        "subject": [p.project.pk],
        "source": [p.item.pk],
        "finances": [p.top.pk],
        "person": [p.insider.pk],
        "owner": [p.insider.pk],
        "revision": [p.pending.pk],
        "grant": [p.grant.pk],
        "event": [p.vote],
    }


def variants(fields: Fields, planted: Planted) -> Iterator[Fields]:
    """The form as it is; filled; naming what is hidden wherever it names something."""
    yield fields
    named = {
        name: [str(pk) for pk in ids]
        for name in fields
        for end, ids in hidden_ids(planted).items()
        if name == end or name.endswith((f"-{end}", f"_{end}"))
    }
    rows = {}
    if "attachments-TOTAL_FORMS" in fields:
        count = int(fields["attachments-TOTAL_FORMS"][0])
        rows = {
            "attachments-TOTAL_FORMS": [str(count + 1)],
            f"attachments-{count}-document": [str(planted.document.pk)],
            f"attachments-{count}-version": [str(planted.document.current_version_id)],
            f"attachments-{count}-label": ["x"],
            f"attachments-{count}-id": [""],
            f"attachments-{count}-ORDER": ["1"],
        }
    paragraph = {}
    if "body-count" in fields:
        words = f"[[{planted.page.title}]] {linked(planted)}"
        paragraph = {
            "body-count": ["1"],
            "body-0-type": ["paragraph"],
            "body-0-order": ["0"],
            "body-0-deleted": [""],
            "body-0-id": [""],
            "body-0-value": [contentstate(words)],
        }
    wanted = {name: [words] for name, words in WRITTEN.items() if fields.get(name) == [""]}
    if named or rows or paragraph or wanted:
        yield {**fields, **wanted, **named, **rows, **paragraph}


def linked(planted: Planted) -> str:
    """Links that name a hidden page and a hidden document."""
    page, document = planted.page.pk, planted.document.pk
    return f'<a linktype="page" id="{page}">x</a> <a linktype="document" id="{document}">x</a>'


def contentstate(words: str) -> str:
    """A paragraph as the editor's script sends it."""
    from wagtail.test.utils.form_data import rich_text

    return str(rich_text(f"<p>{words}</p>"))
