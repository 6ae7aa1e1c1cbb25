"""The doors of Wagtail's admin: what names a page, a file or a person is asked of kb.permissions first.

Wagtail judges most of its screens after it has fetched, and often named, what they are about: a chooser lists
every child, a confirmation gives the title of any id, a refusal is a redirection where an absence is a 404.
Here every id that an address or a form carries is judged before the view is called; what the person may not
know of does not exist.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from taggit.models import Tag
from wagtail import hooks
from wagtail.admin.templatetags import wagtailadmin_tags
from wagtail.admin.views.pages import utils as page_utils
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from kb import permissions
from kb.access import passages
from kb.pages.models import PageTag
from kb.pages.tree import known_title
from kb.permissions import Viewer, viewer_of

PAGE_PARAMETERS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
DOCUMENT_PARAMETERS = ("document_id", "doc_id")
PAGE_FIELDS = ("new_parent_page", "parent_page")  # of forms and query strings
# Screens for administrators: what they count and list, they count and list for the whole town.
FOR_ADMINISTRATORS = frozenset({"wagtailadmin_reports"})
# Lists of all files, those in the trash too, that no screen calls.
FOR_NOBODY = frozenset({"wagtailadmin_api:documents", "wagtailadmin_api:images"})
VIEWS_FOR_ADMINISTRATORS = frozenset({"wagtailadmin_pages:type_use", "wagtailadmin_pages:type_use_results"})
CHOOSERS_OF_PAGES = frozenset({"wagtailadmin_choose_page", "wagtailadmin_choose_page_child"})
# What tells nothing: the way in and out, and what screens load.
OPEN_TO_ALL = frozenset(
    {
        "admin_sign_in", "admin_sign_out", "admin_forgotten_password",
        "wagtailadmin_sprite", "wagtailadmin_javascript_catalog",
    }
)  # fmt: skip
TAGS = frozenset({"wagtailadmin_tag_autocomplete", "wagtailadmin_tag_model_autocomplete"})
MOST_TAGS = 10
IMAGE_OF_OTHERS = (
    "Vous pouvez choisir cette image, pas changer son titre. Demandez à qui modifie une page qui montre cette image, "
    "ou déposez la vôtre."
)


class Doors:
    """Answers 404 in the place of a view that is about something the person may not know of."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Before the view is called. Administrators pass, but to what is in the trash."""
        if not request.path.startswith("/admin/") or not request.user.is_authenticated:
            return None
        if not works_in_the_admin(request):
            # Wagtail would send to the sign-in page, which sends back: the two for ever.
            raise permissions.Denied("L’espace de rédaction est réservé aux agents.")
        viewer, match = viewer_of(request), request.resolver_match
        if match is None:
            return None
        if match.namespace in FOR_NOBODY:
            raise Http404
        if viewer.passes:
            _note_passages(viewer, request, kwargs)
        elif is_for_administrators(match):
            raise Http404
        if match.view_name in TAGS:
            return JsonResponse(known_tags(viewer, request.GET.get("term", "")), safe=False)
        if match.view_name in CHOOSERS_OF_PAGES and not _page_is_known(viewer, kwargs.get("parent_page_id")):
            return _to_the_start_of_the_chooser(request, viewer)
        if match.url_name == "wagtail_bulk_action" and "all" in request.GET.getlist("id"):
            request.GET = _with_known_ids(request, viewer, kwargs)
        if not all_known(viewer, request, match, kwargs):
            raise Http404
        if match.view_name == "wagtailimages:edit" and not _exist(
            permissions.editable_images, viewer, [kwargs["image_id"]]
        ):
            messages.error(request, IMAGE_OF_OTHERS)
            return redirect("wagtailimages:index")
        return None


def works_in_the_admin(request: HttpRequest) -> bool:
    """Whether the person has a place in the admin, or only leaves it or asks for its scripts."""
    name = request.resolver_match.url_name if request.resolver_match else None
    return name in OPEN_TO_ALL or request.user.has_perm("wagtailadmin.access_admin")


def _note_passages(viewer: Viewer, request: HttpRequest, kwargs: dict[str, Any]) -> None:
    """Administrators pass; what they open of a reserved branch is shown to its responsables."""
    named = (str(kwargs[name]) for name in PAGE_PARAMETERS if kwargs.get(name) is not None)
    nodes = (viewer.tree.nodes.get(int(pk)) for pk in named if pk.isdecimal())
    for node in filter(None, nodes):
        passages.note(viewer, node, door=request.path)


def is_for_administrators(match: Any) -> bool:
    """Whether only administrators may come, whatever Wagtail says."""
    register = match.url_name and "_modeladmin_" in match.url_name
    return (
        bool(register and not match.url_name.startswith(OPEN_REGISTERS))
        or any(match.namespace.startswith(space) for space in FOR_ADMINISTRATORS)
        or match.view_name in VIEWS_FOR_ADMINISTRATORS
    )


OPEN_REGISTERS = ("kb_grant_",)  # scoped by themselves to what the person manages


def all_known(viewer: Viewer, request: HttpRequest, match: Any, kwargs: dict[str, Any]) -> bool:
    """Whether every page, document and image that the request names is one the person may know of."""
    pages = [kwargs[name] for name in PAGE_PARAMETERS if kwargs.get(name) is not None]
    documents = [kwargs[name] for name in DOCUMENT_PARAMETERS if name in kwargs]
    images = [kwargs["image_id"]] if "image_id" in kwargs else []
    named = {"page": pages, "document": documents, "image": images}
    about = subject(match, kwargs)
    if about and "pk" in kwargs:
        named[about].append(kwargs["pk"])
    if about == "page" and "object_id" in kwargs:
        named[about].append(kwargs["object_id"])
    if about and (match.url_name == "wagtail_bulk_action" or "chosen_multiple" in (match.url_name or "")):
        named[about] += request.GET.getlist("id")
    for data in (request.GET, request.POST):
        named["page"] += [value for name in PAGE_FIELDS for value in data.getlist(name) if value]
    return (
        _pages_are_known(viewer, named["page"])
        and _exist(permissions.readable_documents, viewer, named["document"])
        and _exist(permissions.readable_images, viewer, named["image"])
    )


def subject(match: Any, kwargs: dict[str, Any]) -> str | None:
    """What kind of object an address is about, when its parameters do not say."""
    if match.url_name == "wagtail_bulk_action":
        return {"page": "page", "document": "document", "image": "image"}.get(kwargs["model_name"])
    if "docs" in match.namespace:
        return "document"
    if "images" in match.namespace:
        return "image"
    pages = ("wagtailadmin_pages", "wagtailadmin_api:pages", "wagtailadmin_editing_sessions")
    if match.namespace in pages or match.view_name == "wagtailadmin_choose_page_chosen_multiple":
        return "page"
    return None


def _page_is_known(viewer: Viewer, pk: Any) -> bool:
    return pk is not None and _pages_are_known(viewer, [pk])


def _pages_are_known(viewer: Viewer, ids: Iterable[Any]) -> bool:
    named = {str(pk) for pk in ids}
    nodes = {pk: viewer.tree.nodes.get(int(pk)) if pk.isdecimal() else None for pk in named}
    absent = {pk for pk, node in nodes.items() if node is None}
    if absent and absent != {str(pk) for pk in Page.objects.filter(depth=1).values_list("pk", flat=True)}:
        return False
    return all(viewer.can_view(node) for node in nodes.values() if node is not None)


def _exist(readable: Callable[[Viewer], QuerySet[Any]], viewer: Viewer, ids: Iterable[Any]) -> bool:
    wanted = {str(pk) for pk in ids}
    if not wanted:
        return True
    if not all(pk.isdecimal() for pk in wanted):
        return False
    # Building such a queryset costs more than most requests: only when something is asked.
    return readable(viewer).filter(pk__in=wanted).count() == len(wanted)


def _to_the_start_of_the_chooser(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The chooser opened where nothing is known opens at the person's own start."""
    start = viewer.tops[0].id if len(viewer.tops) == 1 else Page.objects.only("pk").get(depth=1).pk
    answer = redirect("wagtailadmin_choose_page_child", start)
    answer["Location"] += f"?{request.GET.urlencode()}" if request.GET else ""
    return answer


def _with_known_ids(request: HttpRequest, viewer: Viewer, kwargs: dict[str, Any]) -> Any:
    """« Everything in this list », which Wagtail takes for everything there is."""
    query = request.GET.copy()
    about = subject(request.resolver_match, kwargs)
    readable: Any = {
        "page": Page.objects.filter(viewer.visible()),
        "document": permissions.readable_documents(viewer),
        "image": permissions.readable_images(viewer),
    }.get(about or "", Page.objects.none())
    parent = Page.objects.filter(pk=query.get("childOf") or 0).first() if about == "page" else None
    if about == "page":
        readable = readable.child_of(parent) if parent else readable.none()
    query.setlist("id", [str(pk) for pk in readable.values_list("pk", flat=True)])
    return query


def known_tags(viewer: Viewer, start: str) -> list[str]:
    """Tags of pages that the person may know of."""
    if not start:
        return []
    pages = Page.objects.filter(viewer.visible()).values("pk")
    tags = Tag.objects.filter(pk__in=PageTag.objects.filter(content_object__in=pages).values("tag"))
    return list(tags.filter(name__istartswith=start).order_by("name").values_list("name", flat=True)[:MOST_TAGS])


@hooks.register("construct_page_chooser_queryset")
def choosable(pages: Any, request: HttpRequest) -> Any:
    """The pages of a chooser: those the person may know of; at the nameless root, the tops of what he sees."""
    viewer = viewer_of(request)
    parent = (request.resolver_match.kwargs if request.resolver_match else {}).get("parent_page_id")
    if parent is not None and Page.objects.filter(pk=parent, depth=1).exists():
        return Page.objects.filter(pk__in=[node.id for node in viewer.tops]).specific()
    # By a list of ids: search engines take no condition of another kind.
    return pages.filter(pk__in=Page.objects.filter(viewer.visible()).values("pk"))


@hooks.register("construct_reports_menu")
def our_reports(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail's own reports are for administrators."""
    if not viewer_of(request).passes:
        items[:] = [item for item in items if item.name == "liens-et-pages-isolees"]


_breadcrumbs = page_utils.get_breadcrumbs_items_for_page


def breadcrumbs(page: Any, user: Any, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
    """Wagtail's, less the ancestors that the person may not know of."""
    items = _breadcrumbs(page, user, *args, **kwargs)
    if user.is_superuser:
        return items
    viewer = Viewer(user)
    ancestors = list(page.get_ancestors(inclusive=kwargs.get("include_self", True)))
    shown = ancestors[len(ancestors) - len(items) :]
    return [item for item, above in zip(items, shown, strict=True) if above.depth == 1 or viewer.can_view(above)]


def keep_new_titles_quiet() -> None:
    """The admin names pages to whoever may choose or list them, lecteurs included."""
    Page.get_admin_display_title = known_title


_page_types = PageTypesUsageReportView.decorate_paginated_queryset


def page_types(view: Any, rows: Any) -> Any:
    """Wagtail's report of page types, where the page changed last is not named if it is in the trash."""
    for row in (shown := _page_types(view, rows)):
        if hasattr(row.last_edited_page, "trashed"):
            row.last_edited_page = None
    return shown


IN_THE_TRASH = "Une page à la corbeille"
_chosen_title = AdminPageChooser.get_display_title


def chosen_title(chooser: Any, page: Any) -> str:
    """What a field that names a page shows of it."""
    return IN_THE_TRASH if hasattr(page, "trashed") else str(_chosen_title(chooser, page))


def keep_the_trash_quiet() -> None:
    """Administrators too are told nothing of it, but in the trash and in the audit log."""
    PageTypesUsageReportView.decorate_paginated_queryset = page_types
    AdminPageChooser.get_display_title = chosen_title


def keep_ancestors_quiet() -> None:
    """Wagtail calls the function by name from two modules."""
    page_utils.get_breadcrumbs_items_for_page = breadcrumbs
    wagtailadmin_tags.get_breadcrumbs_items_for_page = breadcrumbs
