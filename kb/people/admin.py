"""Wagtail's screens for accounts: our fields, and no deletion."""

from typing import Any

from django import forms
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import EditView, IndexView, UserViewSet

from kb.people.account import User
from kb.people.operations import sign_in_name


class AccountFields(forms.ModelForm):
    """The sign-in name is drawn from the name; an élu may have no address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = False
        self.fields["username"].required = False
        self.fields["username"].label = "Identifiant"
        self.fields["username"].help_text = "Vide : tiré du prénom et du nom."

    def clean_username(self) -> str:
        """A free sign-in name."""
        first, last = self.data.get("first_name", ""), self.data.get("last_name", "")
        return self.cleaned_data.get("username") or sign_in_name(first, last)


class NewAccount(AccountFields, UserCreationForm):
    """Opening an account."""

    class Meta(UserCreationForm.Meta):
        fields = {"username", "email", "first_name", "last_name", "office", "is_superuser", "groups"}


class KnownAccount(AccountFields, UserEditForm):
    """Changing or closing an account."""

    class Meta(UserEditForm.Meta):
        fields = {"username", "email", "first_name", "last_name", "office", "is_superuser", "groups", "is_active"}


class NoDeletion:
    """Screens that offer no deletion: Wagtail asks nobody but itself whether an administrator may delete."""

    def get_delete_url(self, *args: Any) -> None:
        """None: the button is not shown."""


class AccountList(NoDeletion, IndexView):
    """The list of accounts."""


class AccountSheet(NoDeletion, EditView):
    """One account."""


class AccountViewSet(UserViewSet):
    """« Personnes »."""

    index_view_class = AccountList
    edit_view_class = AccountSheet

    def get_form_class(self, for_update: bool = False) -> Any:
        """Our fields."""
        return KnownAccount if for_update else NewAccount


class AccountPolicy(ModelPermissionPolicy):
    """Accounts sign the history: they are closed, never deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """As Django's rights, less deletion."""
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """As Django's rights, less deletion."""
        return super().user_has_any_permission(user, [action for action in actions if action != "delete"])


account_policy = AccountPolicy(User)
