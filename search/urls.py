"""The addresses of search."""

from django.urls import path

from search import views

urlpatterns = [
    path("recherche/", views.results, name="search"),
    path("recherche/propositions/", views.suggestions, name="search_suggestions"),
    path("recherche/sante/", views.health, name="search_health"),
    path("recherche/garder/", views.keep, name="search_keep"),
]
