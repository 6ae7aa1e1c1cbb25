"""The admin's first screen: what I was writing, and what has changed around me."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import (
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)
from wagtail.models import Page

from kb import typography
from kb.backup.queries import alarm
from kb.moderation.queries import since_words, standings
from kb.moderation.queries import waiting_for as drafts_for
from kb.notices.models import MailState
from kb.notices.queries import mails_not_sent
from kb.permissions import Viewer, viewer_of
from kb.sharing.queries import waiting_for

LINES = 8
WAGTAILS = (RecentEditsPanel, UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel)
WANTED = (
    "pk", "draft_title", "live", "latest_revision_created_at",
    "latest_revision__user__first_name", "latest_revision__user__last_name",
)  # fmt: skip


def lines(viewer: Viewer, condition: Q) -> list[dict[str, Any]]:
    """Pages that the viewer may change, latest first. One query, without the revisions' contents."""
    pages = Page.objects.filter(viewer.editable(), condition, latest_revision__isnull=False)
    return [
        {
            "id": page["pk"],
            "title": page["draft_title"],
            "state": "Publiée, et modifiée depuis" if page["live"] else "Jamais publiée",
            "when": typography.moment(page["latest_revision_created_at"]),
            "who": f"{page['latest_revision__user__first_name'] or ''} {page['latest_revision__user__last_name'] or ''}".strip(),
        }
        for page in pages.order_by("-latest_revision_created_at").values(*WANTED)[:LINES]
    ]


class PagesPanel(Component):
    """A list of pages with a title, and a sentence when it is empty."""

    template_name = "kb/admin/home_pages.html"
    heading = ""
    empty = ""
    more_url = ""
    more_label = ""
    shows_author = False

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def condition(self) -> Q:
        """Which pages."""
        raise NotImplementedError

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """The lines, and the words around them."""
        return {"panel": self, "lines": lines(viewer_of(self.request), self.condition())}


class MyDrafts(PagesPanel):
    """What I saved and nobody has published."""

    name = "my-drafts"
    order = 100
    heading = "Mes brouillons"
    empty = "Aucun brouillon : tout ce que vous avez écrit est publié."

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Each with where it stands in its circuit."""
        context = super().get_context_data(parent_context)
        stands = standings(viewer_of(self.request), [line["id"] for line in context["lines"]])
        for line in context["lines"]:
            line["state"] = stands.get(line["id"], line["state"]).rstrip(".")
        return context

    def condition(self) -> Q:
        """Written last by me, not published since."""
        return Q(has_unpublished_changes=True, latest_revision__user=self.request.user.pk)


class ToValidate(Component):
    """The drafts that wait for the person; nothing where there is none."""

    name = "to-validate"
    order = 40
    template_name = "kb/admin/home_drafts.html"

    def __init__(self, request: HttpRequest) -> None:
        self.rows = drafts_for(viewer_of(request))

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """The lines."""
        return {
            "lines": [
                {"id": row.id, "title": row.title, "who": str(row.author or ""), "since": since_words(row.since)}
                for row in self.rows[:LINES]
            ]
        }


class LatelyChanged(PagesPanel):
    """What has changed among the pages I may change."""

    name = "lately-changed"
    order = 300
    heading = "Pages modifiées récemment"
    empty = "Aucune page que vous puissiez modifier n’a encore été écrite."
    more_url = "/changements/"
    more_label = "Tous les changements publiés"
    shows_author = True

    def condition(self) -> Q:
        """Any."""
        return Q()


class AccessRequests(Component):
    """The requests that wait for the person's answer; nothing where there is none."""

    name = "access-requests"
    order = 50
    template_name = "kb/admin/home_requests.html"

    def __init__(self, request: HttpRequest) -> None:
        self.rows = waiting_for(viewer_of(request))

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """The lines."""
        return {
            "lines": [
                {
                    "id": row.pk,
                    "person": str(row.person),
                    "page": row.page.title,
                    "when": typography.moment(row.asked_at),
                }
                for row in self.rows[:LINES]
            ]
        }


class MailsNotSent(Component):
    """How many mails have not left, by what became of them, for an administrator."""

    name = "mails-not-sent"
    order = 60
    template_name = "kb/admin/home_mails.html"
    SENTENCES = (
        (MailState.WAITING, "à envoyer", "à envoyer", ""),
        (MailState.HANDING, "en cours de remise", "en cours de remise", ""),
        (MailState.FAILED, "échoué", "échoués", "Réessayer"),
        (MailState.UNSURE, "peut-être perdu", "peut-être perdus", "Renvoyer, au risque d’un double"),
        (MailState.WITHHELD, "retenu depuis un mois", "retenus depuis un mois", ""),
    )

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """A line for each state where some stand."""
        found = mails_not_sent()
        return {
            "lines": [
                {
                    "words": typography.count(found[state], f"courriel {one}", f"courriels {many}"),
                    "url": f"/admin/kb/mail/?state__exact={state}",
                    "state": str(state),
                    "again": again,
                }
                for state, one, many, again in self.SENTENCES
                if found.get(state)
            ]
        }


class BackupAlarm(Component):
    """The alarm of an administrator when no backup was made for 48 hours."""

    name = "backup-alarm"
    order = 10
    template_name = "kb/admin/backup_alarm.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """The sentence, or nothing."""
        return {"alarm": alarm()}


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Ours in the place of « your most recent edits », and of Wagtail's lists of what is submitted."""
    panels[:] = [panel for panel in panels if not isinstance(panel, WAGTAILS)]
    panels += [ToValidate(request), AccessRequests(request), MyDrafts(request), LatelyChanged(request)]
    if viewer_of(request).passes:
        panels += [BackupAlarm(), MailsNotSent()]
