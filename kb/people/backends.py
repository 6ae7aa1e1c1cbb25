"""Signing in by e-mail or by sign-in name, whatever the case."""

import unicodedata
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from kb import permissions
from kb.people.models import User

ADMIN_ACCESS = "wagtailadmin.access_admin"


class SignInNameOrEmail(ModelBackend):
    """Django's own backend, with the person found as he writes himself."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The account, or None. An unknown name costs as much time as a wrong password."""
        if not username or password is None:
            return None
        try:
            person = User.objects.named(username.strip())
        except User.DoesNotExist:
            User().set_password(password)
            return None
        if person.check_password(password) and self.user_can_authenticate(person):
            return person
        return None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Django's; and the way into the admin is open to whoever writes in one page, be he an élu."""
        if super().has_perm(user_obj, perm, obj=obj):
            return True
        if perm != ADMIN_ACCESS or not user_obj.is_active:
            return False
        if not hasattr(user_obj, "_writes_somewhere"):
            user_obj._writes_somewhere = permissions.may_deposit(user_obj)
        return bool(user_obj._writes_somewhere)


MOST_OF_A_NAME = 254  # an e-mail address


def guessed_account(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which name django-axes counts a failure: one counter per account, however its name is written.

    The account's own sign-in name where an open one answers; else what was typed, folded.
    """
    typed = str((credentials or request.POST).get("username") or "").replace("\0", "").strip()
    try:
        return User.objects.named(typed).username
    except User.DoesNotExist:
        return unicodedata.normalize("NFKC", typed).casefold()[:MOST_OF_A_NAME]
