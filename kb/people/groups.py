"""The groups of a French town hall, and the rights that each starts with."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.admin.models import Admin
from wagtail.models import Page

from kb.access.models import Grant, Role

AGENT_GROUPS = ("Services techniques", "Finances", "Projets", "Accueil et état civil", "École et enfance")
SECRETARIAT = "Secrétariat du conseil"
COMMUNICATION = "Communication"
DIRECTION = "Direction"
ELUS = "Élus"
EXECUTIVE = "Maire et adjoints"
COMMISSIONS = ("Commission finances", "Commission travaux", "Commission école")

# Group → the role it starts with on the whole town, shown and changed under « Accès » like any other.
# Élus and commissions start with none: they are given what they need, where they need it.
PRESET: dict[str, Role | None] = {
    **dict.fromkeys(AGENT_GROUPS, Role.READER),
    SECRETARIAT: Role.EDITOR,
    COMMUNICATION: Role.MODERATOR,
    DIRECTION: Role.MANAGER,
    ELUS: None,
    EXECUTIVE: Role.READER,
    **dict.fromkeys(COMMISSIONS, None),
}
# Groups whose people work in the admin; élus have no admin.
OF_AGENTS = {*AGENT_GROUPS, SECRETARIAT, COMMUNICATION, DIRECTION}


def make_groups(home: Page) -> dict[str, Group]:
    """Creates the preset groups with their first rights on `home`; running it again changes nothing."""
    kind = ContentType.objects.get_for_model(Admin)
    entry, _ = Permission.objects.get_or_create(
        content_type=kind, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    groups = {}
    for name, role in PRESET.items():
        groups[name], new = Group.objects.get_or_create(name=name)
        if name in OF_AGENTS:
            groups[name].permissions.add(entry)
        if new and role:
            Grant.objects.create(page=home, group=groups[name], role=role, why="À la fondation de la commune.")
    return groups
