"""Signing in and out, and one's own account."""

from django.contrib.auth import views as auth
from django.urls import path

from kb.people import handover_views, seen_as, town_views, views

urlpatterns = [
    path("connexion/", views.SignIn.as_view(), name="sign_in"),
    path("deconnexion/", auth.LogoutView.as_view(next_page="sign_in"), name="sign_out"),
    path("comme/fin/", seen_as.stop, name="see_as_stop"),
    path("comme/<int:person_id>/", seen_as.start, name="see_as"),
    path("personnes/<int:person_id>/passation/", handover_views.handover, name="handover"),
    path("commune/", town_views.town_settings, name="town_settings"),
    path("commune/embleme/", town_views.emblem, name="emblem"),
    path("compte/", views.account, name="account"),
    path("compte/mot-de-passe/", views.ChangePassword.as_view(), name="change_password"),
]
