"""The editor's rail of comments: Wagtail's rows are the faces of ours, written when an editor opens, read back when it saves.

Wagtail erases its rows: resolved ones at each publication, those written while it publishes, all of a deleted
person. Ours stay, remember the number of their face (`rail_id`), and make it again under the same number, so
that an editor opened before does not find its comments unknown.
"""

import json
import re
from collections.abc import Collection
from html import unescape
from typing import Any

from django.db import transaction
from django.utils.html import strip_tags
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.models import Comment, CommentReply, Page

from kb.comments import places
from kb.comments.models import OPEN_STATES, CommentAnswer, PageComment
from kb.comments.places import PAGE, Place
from kb.pages.rendering import BLOCK_ID

_KEYED = re.compile(r'<(\w+)[^>]*\bdata-block-key="(\w+)"[^>]*>(.*?)</\1>', re.S)


def show(page: Page) -> None:
    """The faces become what our rows are: those that wait for an answer and have a field to stand beside.

    Reads four queries; writes only where something differs.
    """
    if _differences(page):
        with transaction.atomic():
            Page.objects.select_for_update().get(pk=page.pk)
            for make_so in _differences(page):
                make_so()


def restore(page: Page, *, comments: Collection[int], answers: Collection[int]) -> bool:
    """Makes again the faces that an open editor still knows, whatever became of ours meanwhile.

    False where one of them was never a face of this page.
    """
    if not comments and not answers:
        return True
    known = {row.rail_id: row for row in PageComment.objects.filter(page=page.pk, rail_id__in=comments)}
    said = {row.rail_id: row for row in CommentAnswer.objects.filter(comment__page=page.pk, rail_id__in=answers)}
    draft: Any = None
    for number in set(known) - _faces(page).keys():
        draft = draft or page.specific.get_latest_revision_as_object()
        _make_face(known[number], _last_path(draft, known[number]), draft)
    standing = set(CommentReply.objects.filter(comment__page=page.pk).values_list("pk", flat=True))
    for number in set(said) - standing:
        _make_reply(said[number])
    return set(known) == set(comments) and set(said) == set(answers)


def _last_path(draft: Any, row: PageComment) -> str:
    """Where an open editor believes a comment to be, were its block gone since."""
    return path_in(draft, row) or row.field_path or f"body.{row.block}"


def place_of(path: str) -> Place:
    """The place of a comment written in the editor: « body.<block>.text » is about the block, any other field the page."""
    field, _, rest = path.partition(".")
    block = rest.partition(".")[0]
    return Place(block=block) if field == "body" and BLOCK_ID.fullmatch(block) else PAGE


def path_in(draft: Any, comment: PageComment) -> str:
    """Where a comment stands in the editor of `draft`; empty when no field there can carry it."""
    if comment.document_id:
        return ""
    if not comment.block:
        return comment.field_path or "title"
    block = next((child for child in draft.body if child.id == comment.block), None)
    if block is None:
        return ""
    if comment.field_path.startswith(f"body.{comment.block}"):
        return comment.field_path
    return _first_field(comment.block, block.block)


def _first_field(name: str, block: blocks.Block) -> str:
    """The field of a block that comments in the rail can be tied to: its text or table rather than its title."""
    if isinstance(block, blocks.FieldBlock):
        return f"body.{name}"
    fields = {
        key: child for key, child in getattr(block, "child_blocks", {}).items() if isinstance(child, blocks.FieldBlock)
    }
    main = [key for key, child in fields.items() if isinstance(child, (blocks.RichTextBlock, TableBlock))]
    chosen = next(iter([*main, *fields]), None)
    return f"body.{name}.{chosen}" if chosen else ""


def elsewhere(page: Any) -> list[PageComment]:
    """The open comments that the rail of the draft `page` cannot show: on attachments, on blocks that left."""
    rows = PageComment.objects.filter(page=page.pk, state__in=OPEN_STATES)
    rows = rows.select_related("author", "document").prefetch_related("answers__author")
    return [row for row in rows if not path_in(page, row)]


def _faces(page: Page) -> dict[int, Comment]:
    return Comment.objects.filter(page=page.pk).in_bulk()


def _differences(page: Page) -> list[Any]:
    """What is to be done for the faces to be what they should, each a call without arguments."""
    rows = list(PageComment.objects.filter(page=page.pk).select_related("author").prefetch_related("answers"))
    faces = _faces(page)
    waiting = [row for row in rows if row.is_open]
    draft = page.specific.get_latest_revision_as_object() if waiting else None
    paths = {row.pk: path_in(draft, row) for row in waiting}
    found: list[Any] = []
    for row in waiting:
        face = faces.pop(row.rail_id or 0, None) if paths[row.pk] else None
        if paths[row.pk] and (face is None or _is_other(face, row, paths[row.pk])):
            found.append(lambda row=row, face=face: _make_face(row, paths[row.pk], draft, face))
    ours = {row.rail_id for row in rows}
    found += [face.delete if number in ours else _adoption(face) for number, face in faces.items()]
    return found + _different_replies([row for row in waiting if paths[row.pk]])


def _is_other(face: Comment, row: PageComment, path: str) -> bool:
    return (face.text, face.contentpath, face.resolved_at) != (row.text, path, None)


def _make_face(row: PageComment, path: str, draft: Any, face: Comment | None = None) -> None:
    """Writes the face of a comment, under the number it had."""
    face = face or Comment(pk=row.rail_id, page_id=row.page_id, user_id=row.author_id)
    face.text, face.contentpath, face.resolved_at, face.resolved_by = row.text, path, None, None
    face.position = row.position or position_in(draft, row)
    face.save(update_position=True)
    Comment.objects.filter(pk=face.pk).update(created_at=row.written_at)
    if row.rail_id != face.pk:
        PageComment.objects.filter(pk=row.pk).update(rail_id=face.pk)


def position_in(draft: Any, row: PageComment) -> str:
    """The first line of a rich text, in the words of Wagtail's editor; « [] » for no line in particular."""
    block = next((child for child in draft.body if child.id == row.block), None) if row.block else None
    keyed = _KEYED.search(str(getattr(block.value, "source", ""))) if block else None
    if not keyed:
        return "[]"
    length = len(unescape(strip_tags(keyed[3])).encode("utf-16-le")) // 2  # as a browser counts
    return json.dumps([{"key": keyed[2], "start": 0, "end": length}])


def _different_replies(rows: list[PageComment]) -> list[Any]:
    """Answers that have no face, or another; withdrawn ones that still have one."""
    replies = CommentReply.objects.in_bulk([a.rail_id for row in rows for a in row.answers.all() if a.rail_id])
    found: list[Any] = []
    for answer in (answer for row in rows for answer in row.answers.all()):
        reply = replies.get(answer.rail_id or 0)
        if answer.withdrawn_at:
            found += [reply.delete] if reply else []
        elif reply is None or reply.text != answer.text:
            found.append(lambda answer=answer, reply=reply: _make_reply(answer, reply))
    return found


def _make_reply(answer: CommentAnswer, reply: CommentReply | None = None) -> None:
    """Writes the face of an answer, under the number it had."""
    face_of_thread = PageComment.objects.values_list("rail_id", flat=True).get(pk=answer.comment_id)
    reply = reply or CommentReply(pk=answer.rail_id, user_id=answer.author_id)
    reply.comment_id, reply.text = face_of_thread, answer.text
    reply.save()
    CommentReply.objects.filter(pk=reply.pk).update(created_at=answer.written_at)
    if answer.rail_id != reply.pk:
        CommentAnswer.objects.filter(pk=answer.pk).update(rail_id=reply.pk)


def _adoption(face: Comment) -> Any:
    return lambda: adopt(face)


def adopt(face: Comment) -> PageComment:
    """A comment that only Wagtail knows (written on a page that was being created) becomes ours, as it stands."""
    place = place_of(face.contentpath)
    row = PageComment.objects.create(
        page_id=face.page_id,
        author_id=face.user_id,
        text=face.text,
        block=place.block,
        written_at=face.created_at,
        field_path=face.contentpath,
        position=face.position,
        rail_id=face.pk,
        revision_id=face.page.latest_revision_id,
        quote=quote_in(face.page.specific.get_latest_revision_as_object(), place),
    )
    for reply in face.replies.all():
        CommentAnswer.objects.create(
            comment=row, author_id=reply.user_id, text=reply.text, written_at=reply.created_at, rail_id=reply.pk
        )
    return row


def quote_in(draft: Any, place: Place) -> str:
    """The first words of a block of the draft."""
    block = next((child for child in draft.body if place.block and child.id == place.block), None)
    if block is None:
        return ""
    return places.shortened(" ".join(block.block.get_searchable_content(block.value)))
