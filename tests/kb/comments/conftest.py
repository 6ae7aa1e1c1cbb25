"""A page with two paragraphs and an attachment, a commentateur, and what the editor posts about them."""

import json
from typing import Any

import pytest
from wagtail.models import Comment
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from kb.access.models import Role
from kb.comments import operations
from kb.comments.places import Place
from kb.documents.models import Attachment
from kb.pages.models import ArticlePage

ONE, TWO = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
FIRST = Place(block=ONE)
WORDS = {
    ONE: '<p data-block-key="aaaa1">Les travaux commencent en juin.</p>',
    TWO: '<p data-block-key="bbbb2">Ils finissent en août.</p>',
}


class Commented:
    """« École », published with two paragraphs, which Cyril may comment, Patrick edits and Inès publishes."""

    def __init__(self, town: Any) -> None:
        self.town = town
        page = town.page("École", author=town.technical, publish=False)
        raw = [{"type": "paragraph", "value": words, "id": block} for block, words in WORDS.items()]
        page.body = page.body.stream_block.to_python(raw)
        self.document = town.document(name="devis.txt")
        page.attachments.add(Attachment(document=self.document))
        page.save_revision(user=town.admin).publish(user=town.admin, skip_permission_checks=True)
        self.page = ArticlePage.objects.get(pk=page.pk)
        self.commenter = town.person("Cyril", "Commente")
        town.give(Role.COMMENTER, self.page, person=self.commenter)

    @property
    def url(self) -> str:
        return f"/p/{self.page.pk}/"

    @property
    def editor(self) -> str:
        return f"/admin/pages/{self.page.pk}/edit/"

    def say(self, text: str = "Est-ce sûr ?", *, by: Any = None, place: Place = FIRST, **more: Any) -> Any:
        return operations.write(page=self.page, text=text, by=by or self.commenter, place=place, **more)

    def opened(self, client: Any) -> list[dict[str, Any]]:
        """The comments of the rail, as an editor that opens is given them."""
        answer = client.get(self.editor)
        assert answer.status_code == 200
        return rail_in(answer)

    def form(self, comments: list[dict[str, Any]] = (), blocks: tuple[str, ...] = (ONE, TWO), **more: Any) -> Any:
        """What the editor posts; `comments` are rows of the rail, those with a `pk` first."""
        body = {
            "count": str(len(blocks)),
            **{
                f"{place}-{name}": value
                for place, block in enumerate(blocks)
                for name, value in (
                    ("type", "paragraph"),
                    ("id", block),
                    ("order", str(place)),
                    ("deleted", ""),
                    ("value", rich_text(WORDS[block])),
                )
            },
        }
        return nested_form_data(
            {
                "title": "École",
                "summary": "",
                "kind": "note",
                "why": "",
                "slug": "ecole",
                "tags": "",
                "children_shown": "list",
                "go_live_at": "",
                "expire_at": "",
                "body": body,
                "attachments": self._attachments(),
                "comments": inline_formset([row_of(row) for row in comments], initial=sum("pk" in c for c in comments)),
                **more,
            }
        )

    def _attachments(self) -> dict[str, str]:
        row = self.page.get_latest_revision_as_object().attachments.all()[0]
        fields = {
            "id": row.pk,
            "document": row.document_id,
            "label": "",
            "note": "",
            "version": row.version_id,
            "ORDER": 1,
        }
        return inline_formset([fields], initial=1)

    def save(self, client: Any, comments: list[dict[str, Any]] = (), **more: Any) -> Any:
        answer = client.post(self.editor, self.form(comments, **more))
        assert answer.status_code == 302, [str(m) for m in answer.context["messages"]]
        return answer

    def autosave(self, client: Any, comments: list[dict[str, Any]] = (), **more: Any) -> tuple[int, dict[str, Any]]:
        answer = client.post(
            self.editor,
            self.form(comments, **more),
            HTTP_ACCEPT="application/json",
            HTTP_X_REQUESTED_WITH="XMLHttpRequest",
        )
        return answer.status_code, json.loads(answer.content)


def rail_in(answer: Any) -> list[dict[str, Any]]:
    """The comments that a page of the editor hands to its script."""
    html = answer.content.decode()
    start = html.index('id="comments-data" type="application/json">') + len(
        'id="comments-data" type="application/json">'
    )
    rows = json.loads(html[start : html.index("</script>", start)])["comments"]
    for row in rows:
        del row["updated_at"]  # Wagtail gives the time of the request
    return rows


def row_of(comment: dict[str, Any]) -> dict[str, Any]:
    """A row of the rail as its script posts it."""
    replies = comment.get("replies", [])
    return {
        "id": comment.get("pk") or "",
        "text": comment["text"],
        "contentpath": comment["contentpath"],
        "position": comment.get("position", "[]"),
        "DELETE": "on" if comment.get("deleted") else "",
        "resolved": "on" if comment.get("resolved") else "",
        "replies": inline_formset(
            [{"id": r.get("pk") or "", "text": r["text"], "DELETE": "on" if r.get("deleted") else ""} for r in replies],
            initial=sum("pk" in r for r in replies),
        ),
    }


def faces(page: Any) -> list[tuple[str, str]]:
    """What the database holds of Wagtail's comments: text and path."""
    return list(Comment.objects.filter(page=page.pk).order_by("pk").values_list("text", "contentpath"))


@pytest.fixture
def commented(town: Any) -> Commented:
    return Commented(town)


@pytest.fixture
def commenter(commented: Commented) -> Any:
    return commented.town.signed_in(commented.commenter)
