"""Every door: each URL pattern of site and admin, with the parameters and the questions to try on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.urls import NoReverseMatch, get_resolver, reverse

from kb.buttons.tokens import token_of
from kb.notices import stopping
from kb.notices.models import Mail
from tests.leaks.planted import Planted

NOWHERE = 987654  # no object has this id


@dataclass(frozen=True)
class Door:
    """One URL pattern: its name with namespaces, its route and the names of its parameters."""

    name: str
    route: str
    parameters: tuple[str, ...] = field(default=())


def doors() -> list[Door]:
    """All of them."""
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: Any, prefix: str, spaces: tuple[str, ...]) -> Iterator[Door]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern, route, (*spaces, *([pattern.namespace] if pattern.namespace else [])))
        else:
            yield Door(":".join((*spaces, pattern.name or "")), route, tuple(pattern.pattern.regex.groupindex))


# Patterns without a name, or that hold nothing of the town; each with its reason.
NOTHING_BEHIND = {
    "admin/test404/": "Wagtail's own 404 page",
    "admin/failwhale/": "raises an error on purpose",
    "admin/^.*/$": "Wagtail's catch-all for unknown addresses",
}

# The doors that ask the rights in SQL (not in the tree kept in memory): crawled on both databases by make test.
ASKING_IN_SQL = frozenset({
    "access",
    "act",
    "act_bordereau",
    "act_certificate",
    "act_follow_up",
    "act_outgoing",
    "act_published_file",
    "act_signed_file",
    "act_task",
    "acts",
    "acts_archive",
    "acts_settings",
    "attendance",
    "decision",
    "decision_paper",
    "decisions_report",
    "decisions_report_paper",
    "decisions",
    "delegations",
    "edit_decision",
    "new_decision",
    "follow_up",
    "task_done",
    "access_requests",
    "archive_page",
    "delete_document",
    "delete_image",
    "delete_page",
    "agenda_leave",
    "answer_proposal",
    "calendar",
    "document",
    "document_preview",
    "document_sheet",
    "document_text",
    "document_version",
    "journal",
    "favourites",
    "draft",
    "kb_grant_modeladmin_index",
    "page",
    "recent_changes",
    "rendition",
    "resume_item",
    "reviews",
    "send_document",
    "thumbnail",
    "wagtail_serve",
    "wagtailadmin_api:pages:listing",
    "wagtailadmin_choose_page_child",
    "wagtailadmin_explore",
    "wagtailadmin_explore_results",
    "wagtailadmin_home",
    "wagtailadmin_pages:copy",
    "wagtailadmin_pages:edit", "wagtailadmin_pages:preview_on_edit",
    "wagtailadmin_pages:search",
    "wagtailadmin_pages:search_results",
    "wagtailadmin_pages:unpublish",
    "wagtailadmin_pages:view_draft",
    "wagtaildocs:document_usage",
    "wagtaildocs:edit",
    "wagtaildocs:edit_multiple",
    "wagtaildocs:index",
    "wagtaildocs:index_results",
    "wagtaildocs_chooser:choose",
    "wagtaildocs_chooser:choose_results",
    "wagtaildocs_chooser:chosen",
    "wagtailimages:edit",
    "wagtailimages:edit_multiple",
    "wagtailimages:image_usage",
    "wagtailimages:index",
    "wagtailimages:index_results",
    "wagtailimages:preview",
    "wagtailimages:url_generator",
    "wagtailimages:url_generator_output",
    "wagtailimages_chooser:choose",
    "wagtailimages_chooser:choose_results",
    "wagtailimages_chooser:chosen",
    "wagtailimages_chooser:select_format",
    "yearly_review",
})  # fmt: skip


def values(planted: Planted) -> dict[str, list[Any]]:
    """Parameter → what to try: what is hidden, and what leads to it."""
    p = planted
    sittings = [
        p.sitting.pk,
        p.item.pk,
        p.convened.pk,
        p.convened_item.pk,
        p.outside.pk,
        p.held.pk,
        p.closed.pk,
        p.welfare.pk,
        p.taken_up.pk,
    ]
    hidden = [p.page.pk, p.draft.pk, p.top.pk, p.gone.pk, *sittings, *p.gone_of_the_council]
    around = [p.town.home.pk, p.public.pk, p.naming.pk, p.open_sitting.pk, p.open_item.pk, 1]
    return {
        "page_id": [*hidden, *around],
        "parent_page_id": [*hidden, *around],
        "page_to_move_id": [p.page.pk, p.naming.pk, p.gone.pk],
        "destination_id": [p.top.pk, p.public.pk, p.gone.pk],
        "page_pk": [p.page.pk],
        "content_type_app_name": ["kb"],
        "content_type_model_name": ["articlepage", "servicepage", "projectpage"],
        "document_id": [p.document.pk, p.loose.pk, p.scan.pk, p.own_document.pk, p.gone_document.pk],
        "doc_id": [p.document.pk, p.loose.pk, p.own_document.pk, p.gone_document.pk],
        "number": [1],
        "image_id": [p.image.pk, p.own_image.pk],
        "rendition_id": [p.rendition.pk],
        "filter_spec": ["width-30"],
        "revision_id": [p.page.live_revision_id, p.pending.pk],
        "revision_id_a": ["live", "earliest"],
        "revision_id_b": ["latest"],
        "old": [p.page.live_revision_id],
        "new": [p.pending.pk],
        "export_id": [p.export.pk],
        "import_id": [p.record.together_id],
        "record_id": [p.record.pk],
        "job_id": [p.job.pk],
        "slug": ["zqxmarque-motif"],
        "target": ["pdf", "docx"],
        "instance_pk": [p.record.pk, p.job.pk, p.extraction.pk],
        "app_label": ["kb", "wagtaildocs", "wagtailimages", "wagtailcore"],
        "model_name": ["articlepage", "page", "document", "image", "pagetag"],
        "app_name": ["kb"],
        "action": ["move", "publish", "unpublish", "delete", "add_tags", "assign_role"],
        "action_name": ["approve", "copy", "move", "publish", "unpublish", "revert_to_page_revision"],
        "task_state_id": [p.waiting.pk],
        "workflow_state_id": [NOWHERE],
        "task_id": [NOWHERE],
        "workflow_pk": [NOWHERE],
        "session_id": [NOWHERE],
        "object_id": [str(p.page.pk)],
        "uploaded_file_id": [NOWHERE],
        "uidb64": ["MQ"],
        "token": ["abc-def", token_of(p.button), p.dead_link.token, stop_of(p.insider), p.calendar_token],
        "collection_id": [1],
        "grant_id": [p.grant.pk],
        "request_id": [p.request.pk],
        "person_id": [p.insider.pk],
        "query_id": [p.pick.query_id],
        "comment_id": [p.comment.pk, p.opened.pk, p.own.pk],
        "deletion_id": [p.deletion.pk],
        "event_id": [p.vote],
        "convocation_id": [p.convocation.pk],
        "delegation_id": [p.delegation.pk],
        "paper": [
            "convocation",
            "word",
            "affiche",
            "recepisses",
            "preuve",
            "donnees",
            "proces-verbal",
            "liste",
            "deliberation",
        ],
        "shape": ["pdf", "zip"],
        "pouvoir_id": [p.pouvoir.pk],
        "question_id": [p.question.pk],
        "paper_id": [p.frozen.pk],
        "change_id": [p.change.pk],
        "dispatch_id": [p.dispatch.pk],
        "instance_id": [p.instance.pk],
        "mandate_id": [p.mandate.pk],
        "proposal_id": [p.proposal.pk],
        "annex_id": [p.annex.pk],
        "planned_id": [p.planned.pk],
        "code": ["posting"],
        "decision_id": [p.decision.pk],
        "act_id": [p.act.pk],
        "flag_id": [p.flag.pk],
        "publication_id": [p.past.pk],
        "todo_id": [p.task.pk],
        "year": [p.act.decided_on.year],
        "act_number": [p.act.number],
        "deliberation_id": [p.deliberation.pk],
        "copy_id": [p.copy.pk],
    }


def stop_of(person: Any) -> str:
    """The signed word at the foot of this person's digests."""
    return stopping.path_for(Mail(kind="digest", to=person)).split("/")[-2]


def primary_keys(planted: Planted, name: str) -> list[Any]:
    """What `pk` means depends on the door."""
    if "documents" in name or "docs" in name:
        return [planted.document.pk, planted.loose.pk, planted.own_document.pk, planted.gone_document.pk]
    if "images" in name:
        return [planted.image.pk, planted.own_image.pk]
    if "users" in name:
        return [planted.insider.pk]
    return [planted.page.pk, planted.draft.pk, planted.gone.pk]


class Unknown(Exception):
    """A door that the crawl does not know how to reach: teach it its parameters."""


def addresses(door: Door, planted: Planted) -> list[str]:
    """The addresses to try at a door. Raises Unknown."""
    if door.route in NOTHING_BEHIND:
        return []
    if door.name == "wagtail_serve":
        tree = [
            planted.top,
            planted.page,
            planted.draft,
            planted.gone,
            planted.town.home,
            planted.public,
            planted.naming,
        ]
        return ["/" + page.url_path.removeprefix("/accueil/") for page in tree]
    known = values(planted)
    choices = []
    for parameter in door.parameters:
        if parameter == "pk":
            choices.append(primary_keys(planted, door.name))
        elif parameter in known:
            choices.append(known[parameter])
        else:
            raise Unknown(f"{door.name} ({door.route}): what is « {parameter} »?")
    found = []
    for combination in product(*choices):
        try:
            found.append(reverse(door.name, kwargs=dict(zip(door.parameters, combination, strict=True))))
        except NoReverseMatch as error:
            if "token" in door.parameters:  # each kind of signed word fits its own doors
                continue
            raise Unknown(f"{door.name} ({door.route}): {error}") from error
    if not found:
        raise Unknown(f"{door.name} ({door.route}): nothing fits it")
    return found


def hidden_addresses(door: Door, planted: Planted) -> Iterator[tuple[str, str]]:
    """Addresses of something hidden, each beside the same address of what is not there."""
    hidden: dict[str, list[Any]] = {
        "page": [
            planted.page.pk,
            planted.draft.pk,
            planted.gone.pk,
            planted.sitting.pk,
            planted.item.pk,
            planted.convened.pk,
            planted.convened_item.pk,
            planted.outside.pk,
            planted.held.pk,
            planted.closed.pk,
            planted.welfare.pk,
            *planted.gone_of_the_council,
        ],
        "document": [planted.document.pk, planted.loose.pk, planted.gone_document.pk],
        "image": [planted.image.pk],
        "rendition": [planted.rendition.pk],
        "export": [planted.export.pk],
        "request": [planted.request.pk],
        "deletion": [planted.deletion.pk],
        "comment": [planted.comment.pk, planted.opened.pk, planted.own.pk],
        "task_state": [planted.waiting.pk],
        "decision": [planted.decision.pk],
        "act": [planted.act.pk],
        "task": [planted.task.pk],
    }
    known = values(planted)
    for parameter in door.parameters:
        about = _about(door, parameter)
        if about is None or door.route in NOTHING_BEHIND:
            continue
        others = {name: known[name][0] for name in door.parameters if name != parameter and name in known}
        for pk in hidden[about]:
            here, there = {**others, parameter: pk}, {**others, parameter: NOWHERE}
            yield reverse(door.name, kwargs=here), reverse(door.name, kwargs=there)


def _about(door: Door, parameter: str) -> str | None:
    if parameter == "pk":
        rooms = {"docs": "document", "documents": "document", "images": "image", "pages": "page"}
        return next((about for room, about in rooms.items() if room in door.name), None)
    named = {
        "page_id": "page",
        "parent_page_id": "page",
        "page_to_move_id": "page",
        "destination_id": "page",
        "page_pk": "page",
        "document_id": "document",
        "doc_id": "document",
        "image_id": "image",
        "rendition_id": "rendition",
        "export_id": "export",
        "comment_id": "comment",
        "request_id": "request",
        "deletion_id": "deletion",
        "task_state_id": "task_state",
        "decision_id": "decision",
        "act_id": "act",
        "todo_id": "task",
    }
    return named.get(parameter)


def questions(planted: Planted) -> list[str]:
    """What is asked of each address beside nothing at all. No mark stands here: an answer may repeat it."""
    ids = "&".join(f"id={pk}" for pk in (planted.page.pk, planted.document.pk, planted.image.pk, planted.draft.pk))
    return [
        "",
        "?q=commun",
        "?q=titre&search_all=1",
        f"?{ids}",
        f"?sous={planted.top.pk}&ici={planted.page.pk}",
        "?term=z&q=z&owner=1",
        "?results_only=1&p=1",
        f"?titre=x&modele=1&child_of={planted.top.pk}",
        f"?ordering=title&parent_page={planted.top.pk}&descendant_of={planted.top.pk}&fields=*",
        f"?next=/p/{planted.page.pk}/&page_type=wagtailcore.page",
    ]
