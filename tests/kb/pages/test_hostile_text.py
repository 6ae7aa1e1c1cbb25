"""What a person posts to the editor passes kb.sanitizing, whatever his browser sent."""

import json

import pytest
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from kb.pages import operations as pages

pytestmark = pytest.mark.django_db

HOSTILE = (
    '<p data-block-key="ab1cd">Avant <b>gras</b><script>alert(1)</script>'
    '<img src=x onerror="alert(2)"><a href="javascript:alert(3)">lien</a>'
    '<span style="position:fixed">style</span><a href="data:text/html,x">donnée</a></p>'
    '<svg><p><style><!--</style><img src=x onerror=alert(4)>--></style></svg><p data-block-key="zz9">Après</p>'
)


def posted(html, **more):
    """The edit form with one paragraph as a browser that does not use Draftail could send it."""
    return nested_form_data(
        {
            "title": "Note",
            "slug": "note",
            "summary": "",
            "kind": "note",
            "why": "",
            "tags": "",
            "children_shown": "list",
            "go_live_at": "",
            "expire_at": "",
            "attachments": inline_formset([]),
            "comments": inline_formset([]),
            "body": {"count": 1, 0: {"deleted": "", "order": 0, "type": "paragraph", "id": "a", "value": html}},
            **more,
        }
    )


def test_a_hostile_body_saved_by_any_deed_is_harmless(town):
    page = town.page("Note", HOSTILE)
    html = json.loads(page.get_latest_revision().content["body"])[0]["value"]
    assert html == '<p data-block-key="ab1cd">Avant <b>gras</b>lienstyledonnée</p><p data-block-key="zz9">Après</p>'
    for word in ("script", "onerror", "javascript", "style=", "data:text"):
        assert word not in html


def test_a_hostile_post_is_harmless(town, agent):
    page = town.page("Note", "<p>Avant</p>")
    block = {
        "text": "Bonjour",
        "type": "unstyled",
        "depth": 0,
        "key": "abcde",
        "inlineStyleRanges": [],
        "entityRanges": [{"offset": 0, "length": 7, "key": 0}],
    }
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)", "onclick": "x"}}
    state = json.dumps({"blocks": [block], "entityMap": {"0": link}})
    answer = agent.post(f"/admin/pages/{page.pk}/edit/", posted(state))
    assert answer.status_code == 302
    page.refresh_from_db()
    html = json.loads(page.get_latest_revision().content["body"])[0]["value"]
    assert html == '<p data-block-key="abcde">Bonjour</p>'


def test_ordinary_text_is_the_same_after_two_saves(town):
    text = (
        '<h2 data-block-key="a1b2c">Objet</h2><p data-block-key="d3e4f">Le <b>conseil</b> &amp; l’<i>école</i> : '
        '<a href="https://valmorin.example/a?b=1&amp;c=2">lien</a><br>suite</p><ul><li data-block-key="g5h6i">un</li>'
        '<li data-block-key="j7k8l">deux</li></ul><hr>'
    )
    page = town.page("Note", text)
    once = json.loads(page.get_latest_revision().content["body"])[0]["value"]
    assert once == text
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    pages.save_draft(page=draft, author=town.admin)
    assert json.loads(page.get_latest_revision().content["body"])[0]["value"] == text
