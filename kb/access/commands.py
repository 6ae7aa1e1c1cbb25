"""What the three commands of rights share: finding who and what is named, and saying no in French."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import CommandError
from wagtail.models import Page

from kb.access.models import Role
from kb.access.operations import Grantee
from kb.links.wiki import key_of
from kb.pages.addresses import NoSuchPage, page_at
from kb.people.models import User


def person_named(name: str) -> User:
    """The open account of that sign-in name or e-mail. Raises CommandError."""
    try:
        return User.objects.named(name)
    except User.DoesNotExist:
        raise CommandError(f"Aucun compte ouvert ne s’appelle « {name} ».") from None


def page_named(written: str) -> Page:
    """The page at that path, address or id. Raises CommandError."""
    try:
        return page_at(written)
    except NoSuchPage as missing:
        raise CommandError(str(missing)) from None


def role_named(name: str) -> Role:
    """The role of that French name, accents or not. Raises CommandError."""
    for role in Role:
        if key_of(name) == key_of(role.label):
            return role
    known = ", ".join(role.label for role in Role)
    raise CommandError(f"« {name} » n’est pas un rôle. Les rôles : {known}.")


def grantee_named(options: dict[str, Any]) -> Grantee:
    """The grantee that --group, --person, --team or --public names. Raises CommandError."""
    if options["public"]:
        return Grantee(public=True)
    if options["person"]:
        return Grantee(person=person_named(options["person"]))
    if options["team"]:
        project = page_named(options["team"]).specific
        if not hasattr(project, "team"):
            raise CommandError(f"« {project.title} » n’est pas un projet : elle n’a pas d’équipe.")
        return Grantee(team=project)
    group = Group.objects.filter(name__iexact=options["group"]).first()
    if group is None:
        known = ", ".join(Group.objects.order_by("name").values_list("name", flat=True))
        raise CommandError(f"Aucun groupe ne s’appelle « {options['group']} ». Les groupes : {known}.")
    return Grantee(group=group)
