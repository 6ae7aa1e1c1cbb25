"""What Wagtail's own screens ask for pages, documents and images: the rule of kb.permissions."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.images import get_image_model
from wagtail.models import AbstractPage, Collection, GroupPagePermission
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from kb import permissions
from kb.access.models import Grant, Role
from kb.documents.models import Document, Image
from kb.pages.models import TeamMember
from kb.people.admin import account_policy
from kb.people.models import User

CLOSED = frozenset({"bulk_delete"})  # one page at a time, by our screen


# Wagtail's actions on pages → the filter of kb.permissions that opens them.
_OPENED_BY = {
    "view": "visible", "choose": "visible", "add": "editable", "change": "editable",
    "publish": "publishable", "lock": "managed", "unlock": "managed", "delete": "deletable",
}  # fmt: skip
_ROLES: dict[str, list[int]] = {
    "view": Role.values, "choose": Role.values,
    "add": [Role.EDITOR, Role.MANAGER], "change": [Role.MODERATOR, Role.EDITOR, Role.MANAGER],
    "publish": [Role.MANAGER], "delete": [Role.EDITOR, Role.MANAGER], "lock": [Role.MANAGER], "unlock": [Role.MANAGER],
}  # fmt: skip


class PagePolicy(PagePermissionPolicy):
    """Grants decide; Wagtail's own page permissions by group are not read."""

    def get_all_permissions_for_user(self, user: Any) -> Any:
        """None of Wagtail's."""
        return GroupPagePermission.objects.none()

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Whether one of the actions is open to the person on some page."""
        viewer = permissions.Viewer(user)
        open_actions = set(actions) - CLOSED
        if viewer.passes or not open_actions or not viewer.signed_in:
            return viewer.passes and bool(open_actions)
        roles = {role for action in open_actions for role in _ROLES.get(action, ())}
        return Grant.objects.in_force().of(user).filter(role__in=roles).exists()

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        """Whether one of the actions is open to the person on this page."""
        rights = permissions.abilities(user, instance)
        asked = {
            "view": "view",
            "choose": "view",
            "add": "create_below",
            "change": "edit",
            "publish": "publish",
            "delete": "delete",
        }
        return any(rights[asked.get(action, "manage_access")] for action in set(actions) - CLOSED)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        """The pages on which one of the actions is open to the person."""
        viewer = permissions.Viewer(user)
        opened = {_OPENED_BY[action] for action in set(actions) - CLOSED if action in _OPENED_BY}
        pages = self.model._default_manager
        if not opened:
            return pages.none()
        return pages.filter(reduce(or_, (getattr(viewer, name)() for name in sorted(opened))))

    def users_with_any_permission(self, actions: Any, include_superusers: bool = True) -> QuerySet[User]:
        """Open accounts that hold a role which opens one of the actions somewhere."""
        roles = {role for action in set(actions) - CLOSED for role in _ROLES.get(action, ())}
        return _holders(Grant.objects.in_force().filter(role__in=roles), include_superusers)

    def users_with_any_permission_for_instance(
        self, actions: Any, instance: Any, include_superusers: bool = True
    ) -> QuerySet[User]:
        """Open accounts to which one of the actions is open on this page."""
        able = [
            person.pk
            for person in self.users_with_any_permission(actions, include_superusers)
            if self.user_has_any_permission_for_instance(person, actions, instance)
        ]
        return User.objects.filter(pk__in=able)

    def instances_with_direct_explore_permission(self, user: Any) -> Any:
        """The tops of what the person sees."""
        return self.model.base_page_model.objects.filter(pk__in=[node.id for node in permissions.Viewer(user).tops])

    def explorable_root_instance(self, user: Any) -> Any:
        """Where the explorer opens: the one top of what the person sees, or the nameless root above several."""
        kept = getattr(user, "_explorable_root", False)
        if kept is False:
            viewer = permissions.Viewer(user)
            pages = self.model.base_page_model.objects
            if viewer.passes or len(viewer.tops) > 1:
                kept = pages.filter(depth=1).first()
            else:
                kept = pages.filter(pk=viewer.tops[0].id).first() if viewer.tops else None
            user._explorable_root = kept
        return kept

    def explorable_instances(self, user: Any) -> Any:
        """The pages that the person may know of, and the nameless root."""
        return self.model._default_manager.filter(permissions.Viewer(user).visible() | Q(depth=1))


def _holders(grants: Any, include_superusers: bool) -> QuerySet[User]:
    held = (
        Q(pk__in=grants.values("person"))
        | Q(groups__in=grants.values("group"))
        | Q(pk__in=TeamMember.objects.filter(page__in=grants.values("team")).values("person"))
    )
    if include_superusers:
        held |= Q(is_superuser=True)
    return User.objects.filter(held, is_active=True).distinct()


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
        return Collection.objects.filter(depth=1)

    def collections_user_has_permission_for(self, user: Any, action: str) -> Any:
        """See above."""
        return self.collections_user_has_any_permission_for(user, [action])


def _by_ids(model: Any, files: QuerySet[Any]) -> QuerySet[Any]:
    """The same, as a list of ids: search takes no condition of another kind."""
    return model.objects.filter(pk__in=files.values("pk"))


class DocumentPolicy(FilePolicy):
    """Documents."""

    def _readable(self, user: Any) -> QuerySet[Any]:
        return (
            _by_ids(Document, permissions.readable_documents(user))
            if permissions.may_deposit(user)
            else Document.objects.none()
        )

    def _editable(self, user: Any) -> QuerySet[Any]:
        return (
            _by_ids(Document, permissions.editable_documents(user))
            if permissions.may_deposit(user)
            else Document.objects.none()
        )


class ImagePolicy(FilePolicy):
    """Images."""

    def _readable(self, user: Any) -> QuerySet[Any]:
        return (
            _by_ids(Image, permissions.readable_images(user)) if permissions.may_deposit(user) else Image.objects.none()
        )

    def _editable(self, user: Any) -> QuerySet[Any]:
        return (
            _by_ids(Image, permissions.editable_images(user)) if permissions.may_deposit(user) else Image.objects.none()
        )


register_permission_policy(AbstractPage, PagePolicy())
register_permission_policy(Document, DocumentPolicy(Document))
register_permission_policy(get_image_model(), ImagePolicy(Image))
register_permission_policy(User, account_policy)
