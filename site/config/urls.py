"""All addresses: the admin, the rooms', and last the readable addresses of pages."""

from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls

from kb.pages.views import show_address

handler403 = "kb.admin_dress.refused"
handler404 = "kb.admin_dress.missing"
handler500 = "kb.admin_dress.broken"

urlpatterns = [
    path("admin/", include("kb.people.admin_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("search.urls")),
    path("", include("council.urls")),
    path("", include("kb.urls")),
    # Wagtail asks for this name to build a page's address.
    re_path(r"^((?:[\w\-]+/)*)$", show_address, name="wagtail_serve"),
]
