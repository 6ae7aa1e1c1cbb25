"""Who reads which comment: the list in SQL and the page in memory say the same for the whole cast."""

from django.contrib.auth.models import AnonymousUser

from kb.access import operations as access
from kb.access.models import Role
from kb.comments import invitations, operations
from kb.comments.models import PageComment
from kb.comments.queries import threads
from kb.comments.rights import can_answer, can_settle, comments_on, readable_comments
from kb.pages import operations as pages
from kb.permissions import Viewer


def test_the_two_shapes_agree(commented):
    town, page = commented.town, commented.page
    draft_page = town.page("Jamais publiée", under=page, author=town.technical, publish=False)
    reserved = town.page("Réservée", under=page, author=town.admin)
    access.reserve(page=reserved, by=town.admin)
    moderator, guest = town.person("Modeste", "Modère"), town.person("Guy", "Invité")
    town.give(Role.MODERATOR, page, person=moderator)
    town.give(Role.COMMENTER, page, person=guest)
    live, opened = commented.say("vivant"), commented.say("ouvert")
    operations.show_to_readers(comment=opened, shown=True, by=town.technical)
    fresh = page.get_latest_revision_as_object()
    fresh.summary = "Neuf"
    pages.save_draft(page=fresh, author=town.technical)
    page.refresh_from_db()
    waiting = commented.say("brouillon", by=town.technical, on_draft=True)
    operations.show_to_readers(comment=waiting, shown=True, by=town.technical)
    unpublished = operations.write(page=draft_page, text="jamais", by=town.technical)
    hidden = operations.write(page=reserved, text="réservé", by=town.admin)
    invitations.invite(page=page, person=guest, by=town.technical)
    expected = {
        town.admin: {live, opened, waiting, unpublished, hidden},
        town.technical: {live, opened, waiting, unpublished},
        town.communication: {live, opened, waiting, unpublished},
        guest: {live, opened, waiting},
        commented.commenter: {live, opened},
        moderator: {live, opened},
        town.elu: {opened},
        town.outsider: set(),
        AnonymousUser(): set(),
    }
    for person, readable in expected.items():
        viewer = Viewer(person)
        in_sql = set(readable_comments(viewer))
        in_memory = {comment for one in (page, draft_page, reserved) for comment in comments_on(viewer, one)}
        assert (in_sql, in_memory) == (readable, readable), person
        answered = {comment for comment in PageComment.objects.all() if can_answer(viewer, comment)}
        assert answered == (set() if person in (town.elu,) else readable), person
        settled = {comment for comment in PageComment.objects.all() if can_settle(viewer, comment)}
        edits = {town.admin, town.technical, town.communication}
        mine = {live, opened} if person == commented.commenter else set()
        assert settled == (readable if person in edits else mine), person
        shown = {row.comment for row in threads(viewer, viewer.tree.nodes[page.pk], draft=True)}
        assert shown == {comment for comment in readable if comment.page_id == page.pk}, person
