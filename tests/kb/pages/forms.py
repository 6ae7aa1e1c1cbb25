"""The editor's form of an article, as a browser posts it."""

from typing import Any

from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield


def page_form(*, title: str, slug: str, body: list[tuple[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    """With one paragraph unless said otherwise, and no attachment unless `attachments` gives rows."""
    return nested_form_data(
        {
            "title": title,
            "slug": slug,
            "summary": "",
            "kind": "note",
            "why": "",
            "children_shown": "list",
            "tags": "",
            "body": streamfield(body or [("paragraph", rich_text("<p>Bonjour.</p>"))]),
            "attachments": inline_formset(fields.pop("attachments", [])),
            "comments": inline_formset([]),
            **fields,
        }
    )
