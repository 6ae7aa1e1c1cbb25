"""The report of links."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kb.links import queries
from kb.pages.frame import enters_admin, frame_for
from kb.pages.views import signed_in
from kb.permissions import viewer_of


@require_GET
@signed_in
def report(request: HttpRequest) -> HttpResponse:
    """Pages to create, broken links, orphan pages, among what the person edits."""
    viewer = viewer_of(request)
    tree = viewer.tree
    if not enters_admin(viewer):
        raise Http404
    context = {
        "frame": frame_for(request, "Liens et pages isolées", tree=tree),
        "to_create": queries.pages_to_create(viewer, tree),
        "broken": queries.broken_links(viewer, tree),
        "orphans": queries.orphans(viewer, tree),
    }
    return render(request, "kb/links/report.html", context)
