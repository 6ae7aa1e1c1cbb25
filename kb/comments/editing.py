"""The page editor, with the rail of comments: our rows before Wagtail's, and back."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from wagtail.models import Comment, CommentReply, Revision

from kb.comments import operations, rail
from kb.comments.models import OPEN_STATES, CommentAnswer, PageComment
from kb.permissions import viewer_of

_TAG = re.compile(r"<(\w+)((?: [\w-]+=\"[^\"]*\")+)>")
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
_COMMENT_ID = re.compile(r"comments-\d+-id\Z")
_ANSWER_ID = re.compile(r"comments-\d+-replies-\d+-id\Z")

KEPT = "Vos commentaires sont gardés. La page est verrouillée : son texte ne change pas."

Base: Any = object  # mixed into Wagtail's views, which are not typed


class WithRail(Base):
    """Editing: comments come in from our rows, and what is said in the rail goes back to them, whatever Wagtail does."""

    page: Any
    form: Any
    request: HttpRequest
    real_page_record: Any
    latest_revision: Revision | None

    def get_object(self) -> Any:
        """The draft, its rail made ready first, for who may edit the page."""
        page = self.real_page_record
        if viewer_of(self.request).can_edit(page):
            if self.request.method == "POST":
                _restore_faces(self.request, page)
            else:
                rail.show(page)
        return super().get_object()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Wagtail; where the page is locked for the person, what he says in the rail is kept all the same."""
        if self.locked_for_user and not self.is_cancelling_workflow and (answer := self._take_comments_alone()):
            return answer
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def _take_comments_alone(self) -> HttpResponse | None:
        """Keeps what was said in the rail, and nothing else of the form; None leaves the refusal to Wagtail."""
        body = bare(self.page.body.get_prep_value())
        form = self.form_class(
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=self.request.user,
        )
        form.is_valid()  # its text may be wrong, and is not looked at
        comments = form.formsets.get("comments")
        if comments is None or not comments.is_valid() or not comments.has_changed():
            return None
        self.form = form
        comments.save()
        RailChanges(self.page, self.latest_revision, self.request.user).record(self.get_commenting_changes(), once=True)
        if self.expects_json_response:
            return self.json_error_response("locked", KEPT) if changes_content(form, body) else self._kept_as_json()
        messages.success(self.request, KEPT)
        return redirect(self.get_edit_url())

    def _kept_as_json(self) -> JsonResponse:
        """What an autosave expects, the revision being the one it knew."""
        revision = self.latest_revision
        return JsonResponse(
            {
                "success": True,
                "pk": self.page.pk,
                "revision_id": revision.pk if revision else None,
                "revision_created_at": self.latest_revision_created_at,
                "field_updates": {},
                "comments": self.form.serialize_comments(self.request.user),
                "html": self.render_partials(),
            }
        )

    def log_commenting_changes(self, changes: dict[str, Any], revision: Revision | None) -> None:
        """What was said in the rail, done to our rows; our deeds write the audit log."""
        RailChanges(self.page, revision, self.request.user).record(changes)

    def send_commenting_notifications(self, changes: dict[str, Any]) -> None:
        """No mail from here: kb.comments.signals tells who listens, on commit."""


def _restore_faces(request: HttpRequest, page: Any) -> None:
    """Wagtail takes a comment that it knows no more for an error of the whole form."""
    sent = [(key, str(value)) for key, value in request.POST.items()]
    posted = {
        which: {int(value) for key, value in sent if which.match(key) and value.isdecimal()}
        for which in (_COMMENT_ID, _ANSWER_ID)
    }
    if not rail.restore(page, comments=posted[_COMMENT_ID], answers=posted[_ANSWER_ID]):
        raise SuspiciousOperation("A comment that is none of this page.")


def changes_content(form: Any, body: Any) -> bool:
    """Whether a validated form changes anything of the page beside its comments; `body` is the bare body before."""
    changed = set(form.changed_data) - {"comment_notifications"}
    if "body" in form.cleaned_data and bare(form.cleaned_data["body"].get_prep_value()) == body:
        changed.discard("body")
    rows = [row for name, formset in form.formsets.items() if name != "comments" for row in formset.forms]
    return bool(changed) or any(set(row.changed_data) - {"ORDER"} for row in rows)


def bare(value: Any) -> Any:
    """A raw body without what the browser's editor changes by itself: marks of paragraphs, the order of attributes.

    The version of a document's link is written at each save: it is left out too.
    """
    if isinstance(value, dict):
        return {name: bare(part) for name, part in value.items()}
    if isinstance(value, list):
        return [bare(part) for part in value]
    return _TAG.sub(_bare_tag, value) if isinstance(value, str) else value


def _bare_tag(found: re.Match[str]) -> str:
    kept = sorted(one for one in _ATTRIBUTE.findall(found[2]) if not one.startswith(("data-block-key=", "version=")))
    return f"<{' '.join([found[1], *kept])}>"


class RailChanges:
    """One save of the editor: what `by` wrote, answered, resolved, took up again or back in the rail."""

    def __init__(self, page: Any, revision: Revision | None, by: Any) -> None:
        self.page, self.revision, self.by = page, revision, by

    def record(self, changes: dict[str, Any], *, once: bool = False) -> None:
        """`changes` is what Wagtail's editor finds (`get_commenting_changes`).

        `once`: the editor may send the same words again, not having been told that they are kept.
        """
        for face in changes["new_comments"]:
            self._written(face, once=once)
        for face in changes["edited_comments"]:
            self._edited(face)
        for face, replies in changes["new_replies"]:
            for reply in replies:
                self._answered(face, reply, once=once)
        for _, replies in changes["edited_replies"]:
            for reply in replies:
                operations.edit(said=self._our_answer(reply), text=reply.text, by=self.by)
        for _, replies in changes["deleted_replies"]:
            for reply in replies:
                operations.withdraw(said=self._our_answer(reply), by=self.by)
        for face in changes["resolved_comments"]:
            operations.resolve(comment=self._ours(face), by=self.by)
        for face in changes["deleted_comments"]:
            operations.withdraw(said=self._ours(face), by=self.by)

    def _written(self, face: Comment, *, once: bool) -> None:
        mine = PageComment.objects.filter(page=self.page.pk, author=self.by, state__in=OPEN_STATES)
        said = mine.filter(text=face.text, field_path=face.contentpath).first() if once else None
        if said:
            Comment.objects.filter(pk=face.pk).delete()
            for reply in face.replies.all():
                if not said.answers.filter(author=self.by, text=reply.text).exists():
                    operations.answer(comment=said, text=reply.text, by=self.by)
            return
        place = rail.place_of(face.contentpath)
        operations.write(
            page=self.page,
            text=face.text,
            by=self.by,
            place=place,
            on_draft=True,
            revision=self.revision,
            rail_id=face.pk,
            field_path=face.contentpath,
            position=face.position,
            quote=rail.quote_in(self.page, place),
        )

    def _answered(self, face: Comment, reply: CommentReply, *, once: bool) -> None:
        comment = PageComment.objects.filter(page=self.page.pk, rail_id=face.pk).first()
        if comment is None:
            return  # a new comment said twice, whose answers went with it
        if once and comment.answers.filter(author=self.by, text=reply.text).exists():
            CommentReply.objects.filter(pk=reply.pk).delete()
            return
        operations.answer(comment=comment, text=reply.text, by=self.by, rail_id=reply.pk)

    def _edited(self, face: Comment) -> None:
        """New words; or the same, whose place in the text moved."""
        row = self._ours(face)
        place = rail.place_of(face.contentpath)
        moved = (face.contentpath, face.position, place.block)
        if row.document_id is None and moved != (row.field_path, row.position, row.block):
            PageComment.objects.filter(pk=row.pk).update(
                field_path=face.contentpath, position=face.position, block=place.block
            )
        if face.text != row.text:
            operations.edit(said=row, text=face.text, by=self.by)

    def _ours(self, face: Comment) -> PageComment:
        return PageComment.objects.get(page=self.page.pk, rail_id=face.pk)

    def _our_answer(self, reply: CommentReply) -> CommentAnswer:
        return CommentAnswer.objects.select_related("comment__page").get(comment__page=self.page.pk, rail_id=reply.pk)
