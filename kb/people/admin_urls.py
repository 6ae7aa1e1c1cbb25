"""Addresses of Wagtail's admin that are ours: signing in, signing out, a forgotten password. They stand before its own."""

from django.contrib.auth import views as auth
from django.urls import path, re_path

from kb.people import views

urlpatterns = [
    path("login/", views.to_our_sign_in, name="admin_sign_in"),
    path("logout/", auth.LogoutView.as_view(next_page="sign_in"), name="admin_sign_out"),
    re_path(r"^password_reset/.*$", views.forgotten_password, name="admin_forgotten_password"),
]
