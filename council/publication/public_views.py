"""What the public reads without an account: the list of acts, each act for ever at its address, a feed, a list to embed.

Nothing is read here but publications that stand: an act that is not online, or no longer, is a 404 like any other.
"""

from typing import Any, TypeVar

from csp.decorators import csp_replace
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET, require_safe

from council.publication import queries, sitting_papers
from council.publication.models import Publication
from council.screens import file_answer
from kb.documents import storage
from kb.documents.views import serve
from kb.pages.frame import frame_for, town_facts
from kb.pages.views import open_door, small_number
from kb.sanitizing import CONTROL
from kb.typography import day, moment, size

A_PAGE = 40
IN_FEED = 60
NOINDEX = "noindex, nofollow"
Answer = TypeVar("Answer", bound=HttpResponseBase)


def _row(one: Publication) -> dict[str, Any]:
    return {
        "title": str(one.act),
        "subject": one.subject,
        "on": day(one.act.decided_on),
        "url": one.act.address,
        "up_on": day(one.up_on),
    }


@require_GET
@open_door
def acts(request: HttpRequest) -> HttpResponse:
    """The acts online, the newest first; by year, by words of their object or number."""
    found, words = queries.public(), request.GET.get("q", "").strip()[:100]
    years = queries.years_of(found)
    asked = request.GET.get("annee", "")
    year = small_number(asked) if small_number(asked) in years else None
    if year:
        found = found.filter(act__decided_on__year=year)
    if words:
        found = found.filter(Q(subject__icontains=words) | Q(act__number__icontains=words.replace("-", "_")))
    papers = sitting_papers.online() if not words else sitting_papers.online().none()
    if year:
        papers = papers.filter(sitting__starts_at__year=year)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "frame": frame_for(request, "Actes de la commune"),
        "rows": [_row(one) for one in page],
        "years": years,
        "year": year,
        "words": words,
        "page": page,
        "count": page.paginator.count,
        "shown_year": year or (years[0] if years else None),
        "papers": [
            {
                "title": sitting_papers.title_of(one),
                "url": one.address,
                "up_on": day(timezone.localtime(one.at)),
                "sha256": one.sha256,
            }
            for one in papers[:A_PAGE]
        ],
    }
    return render(request, "council/publication/public_list.html", context)


def _online(number: str) -> Publication:
    return get_object_or_404(queries.public(), act__number=number)


@require_GET
@open_door
def act(request: HttpRequest, act_number: str) -> HttpResponse:
    """One act: its author, the day it was put online, its hash, its file."""
    found = _online(act_number)
    context = {
        "frame": frame_for(request, str(found.act)),
        **_row(found),
        "author": found.author,
        "sha256": found.sha256,
        "masked": found.masked,
        "named": found.named,
        "size": size(found.size),
        "until": day(queries.last_day_up(found)),
        "file_url": f"{found.act.address}acte.pdf",
        "corrected": queries.replaced(found).exists(),
        "earlier": [
            {"up_on": day(one.up_on), "down_on": day(one.down_on or one.up_on), "sha256": one.sha256}
            for one in queries.told_of_replaced(found)
        ],
        "put": moment(found.at),
        "address": f"{settings.BASE_URL}{found.act.address}",
    }
    return _kept_out(render(request, "council/publication/public_act.html", context), found)


@require_safe
@open_door
def file(request: HttpRequest, act_number: str) -> HttpResponseBase:
    """The bytes that the public has: the signed act, or its masked version."""
    found = _online(act_number)
    answer = serve(
        request,
        storage.documents(),
        found.file_name,
        mime=found.mime,
        etag=found.sha256,
        file_name=f"{found.act.number}.pdf",
        attachment="telecharger" in request.GET,
    )
    return _kept_out(answer, found)


def _kept_out(answer: Answer, found: Publication) -> Answer:
    if found.named:
        answer.headers["X-Robots-Tag"] = NOINDEX
    return answer


@require_GET
@open_door
def paper(request: HttpRequest, page_id: int, paper: str) -> HttpResponse:
    """A procès-verbal, or a list of délibérations: the bytes that were put online."""
    found = get_object_or_404(sitting_papers.online().defer(None), sitting__id=page_id, paper=paper)
    answer = file_answer(bytes(found.data), f"{sitting_papers.title_of(found)}.pdf")
    answer.headers["ETag"] = f'"{found.sha256}"'
    return answer


@require_GET
@open_door
def feed(request: HttpRequest) -> HttpResponse:
    """The newest acts, in Atom."""
    base, found = settings.BASE_URL, list(queries.public().order_by("-at", "-pk")[:IN_FEED])
    name = town_facts()["town_name"]
    told = Atom1Feed(
        title=f"Actes de {name}",
        link=f"{base}/actes/",
        feed_url=f"{base}/actes/flux.atom",
        language="fr",
        description=f"Les actes publiés par {name}",
        author_name=name,
    )
    for one in found:
        told.add_item(
            title=CONTROL.sub("", f"{one.act} : {one.subject}"),
            link=f"{base}{one.act.address}",
            unique_id=f"{base}{one.act.address}",
            description=f"Acte du {day(one.act.decided_on)}. SHA-256 : {one.sha256}",
            pubdate=one.at,
            updateddate=one.at,
        )
    return HttpResponse(told.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@require_GET
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@open_door
def fragment(request: HttpRequest) -> HttpResponse:
    """The newest acts as plain HTML, for the site the town already has: in a frame, or fetched."""
    asked = request.GET.get("nombre", "")
    most = min(max(int(asked), 1), 100) if asked.isdecimal() and len(asked) < 5 else 20
    rows = [_row(one) | {"url": f"{settings.BASE_URL}{one.act.address}"} for one in queries.public()[:most]]
    context = {"rows": rows, "all_url": f"{settings.BASE_URL}/actes/", "town_name": town_facts()["town_name"]}
    answer = render(request, "council/publication/fragment.html", context)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
