"""The groups of a French town hall, and what each may do until grants (issue B) say it page by page."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.admin.models import Admin
from wagtail.models import GroupPagePermission, Page

AGENT_GROUPS = ("Services techniques", "Finances", "Projets", "Accueil et état civil", "École et enfance")
SECRETARIAT = "Secrétariat du conseil"
COMMUNICATION = "Communication"
DIRECTION = "Direction"
ELUS = "Élus"
EXECUTIVE = "Maire et adjoints"
COMMISSIONS = ("Commission finances", "Commission travaux", "Commission école")

_EDIT = ("add_page", "change_page")
_PUBLISH = (*_EDIT, "publish_page")
# Group → the rights it holds on the whole tree. Élus hold none: they read.
PRESET: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(AGENT_GROUPS, _EDIT),
    SECRETARIAT: _PUBLISH,
    COMMUNICATION: _PUBLISH,
    DIRECTION: _PUBLISH,
    ELUS: (),
    EXECUTIVE: (),
    **dict.fromkeys(COMMISSIONS, ()),
}


def make_groups(home: Page) -> dict[str, Group]:
    """Creates the preset groups with their rights on `home`; running it again changes nothing."""
    kind = ContentType.objects.get_for_model(Admin)
    entry, _ = Permission.objects.get_or_create(
        content_type=kind, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    groups = {}
    for name, rights in PRESET.items():
        group, _ = Group.objects.get_or_create(name=name)
        if rights:
            group.permissions.add(entry)
        for codename in rights:
            right = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=right)
        groups[name] = group
    return groups
