"""The floor: an empty Django view with its session and its user loaded, on the same server."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

import config.urls


def floor(request: HttpRequest) -> HttpResponse:
    """Loads the session and the user, and says OK."""
    return HttpResponse("OK" if request.user.is_authenticated else "who?")


urlpatterns = [path("_floor/", floor), path("", include(config.urls.urlpatterns))]
