"""What Wagtail's own screens ask for pages, documents and images: the rule of kb.permissions."""

from typing import Any

from django.db.models import QuerySet
from wagtail.images import get_image_model
from wagtail.models import AbstractPage
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from kb import permissions
from kb.documents.models import Document, Image
from kb.people.admin import account_policy
from kb.people.models import User

CLOSED = frozenset({"delete", "bulk_delete"})  # until the trash of issue D


class PagePolicy(PagePermissionPolicy):
    """Wagtail's, with deletion closed to all."""

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """As Wagtail, less deletion."""
        return bool(set(actions) - CLOSED) and super().user_has_any_permission(user, set(actions) - CLOSED)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        """As Wagtail, less deletion."""
        return bool(set(actions) - CLOSED) and super().user_has_any_permission_for_instance(
            user, set(actions) - CLOSED, instance
        )

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        """As Wagtail, less deletion."""
        if not set(actions) - CLOSED:
            return self.model._default_manager.none()
        return super().instances_user_has_any_permission_for(user, set(actions) - CLOSED)


class FilePolicy(BasePermissionPolicy):
    """Files follow pages: what one may read, choose and change is asked of kb.permissions."""

    def _readable(self, user: Any) -> QuerySet[Any]:
        raise NotImplementedError

    def _editable(self, user: Any) -> QuerySet[Any]:
        raise NotImplementedError

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Depositing, choosing and changing are for whoever edits a page."""
        return action not in CLOSED and permissions.may_deposit(user)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Whether one of the actions is open to the person."""
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions: Any) -> QuerySet[User]:
        """Open accounts that may deposit."""
        people = User.objects.filter(is_active=True)
        able = [person.pk for person in people if self.user_has_any_permission(person, actions)]
        return people.filter(pk__in=able)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Reading for choosing; a right on a page that carries it for changing."""
        return self.instances_user_has_any_permission_for(user, [action]).filter(pk=instance.pk).exists()

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        """Whether one of the actions is open to the person on this file."""
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        """The files on which the person may do one of the actions."""
        actions = set(actions) - CLOSED
        if actions & {"choose", "view"}:
            return self._readable(user)
        return self._editable(user) if actions else self._readable(user).none()

    def instances_user_has_permission_for(self, user: Any, action: str) -> QuerySet[Any]:
        """The files on which the person may do the action."""
        return self.instances_user_has_any_permission_for(user, [action])

    def users_with_any_permission_for_instance(self, actions: Any, instance: Any) -> Any:
        """Asked by no screen of ours: administrators."""
        return User.objects.filter(is_active=True, is_superuser=True)

    def collections_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        """Collections are not used: all files stand in the root one."""
        from wagtail.models import Collection

        return Collection.objects.filter(depth=1)

    def collections_user_has_permission_for(self, user: Any, action: str) -> Any:
        """See above."""
        return self.collections_user_has_any_permission_for(user, [action])


class DocumentPolicy(FilePolicy):
    """Documents."""

    def _readable(self, user: Any) -> QuerySet[Any]:
        return permissions.readable_documents(user) if permissions.may_deposit(user) else Document.objects.none()

    def _editable(self, user: Any) -> QuerySet[Any]:
        return permissions.editable_documents(user) if permissions.may_deposit(user) else Document.objects.none()


class ImagePolicy(FilePolicy):
    """Images."""

    def _readable(self, user: Any) -> QuerySet[Any]:
        return permissions.readable_images(user) if permissions.may_deposit(user) else Image.objects.none()

    def _editable(self, user: Any) -> QuerySet[Any]:
        readable = self._readable(user)
        return readable if user.is_superuser else readable.filter(uploaded_by_user=user)


register_permission_policy(AbstractPage, PagePolicy())
register_permission_policy(Document, DocumentPolicy(Document))
register_permission_policy(get_image_model(), ImagePolicy(Image))
register_permission_policy(User, account_policy)
