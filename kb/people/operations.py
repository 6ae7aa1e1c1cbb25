"""Deeds on the town and its accounts."""

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.models import Collection, Locale, Page, Site

from kb.links.wiki import key_of
from kb.moderation import circuits
from kb.pages.models import HomePage, PageModel, Trade
from kb.people.groups import make_groups
from kb.people.models import FACTS, Town, User
from kb.people.starting_models import STARTING_MODELS, STARTING_TRADES


class AlreadyFounded(Exception):
    """The town exists: nothing was changed."""


def sign_in_name(first_name: str, last_name: str) -> str:
    """A free sign-in name, « claire.valette »."""
    base = slugify(f"{key_of(first_name)} {key_of(last_name)}").replace("-", ".") or "personne"
    name, number = base, 2
    while User.objects.filter(username__iexact=name).exists():
        name, number = f"{base}{number}", number + 1
    return name


@transaction.atomic
def found_town(
    *,
    town_name: str,
    first_name: str,
    last_name: str,
    email: str,
    password: str,
    phone: str = "",
    is_demo: bool = False,
) -> User:
    """An empty town: its home page, its groups, its models of pages and its first administrator.

    Raises AlreadyFounded when a town exists, ValidationError (French) for a weak password or a bad address.
    """
    if Town.objects.exists():
        raise AlreadyFounded("Cette installation a déjà sa commune.")
    town = Town(pk=1, name=town_name, phone=phone, is_demo=is_demo)
    town.full_clean()
    town.save()
    admin = User(
        username=sign_in_name(first_name, last_name),
        email=email,
        first_name=first_name,
        last_name=last_name,
        is_staff=True,
        is_superuser=True,
    )
    admin.set_password(password)
    admin.full_clean()
    validate_password(password, admin)
    admin.save()
    home = _home(town_name, admin)
    make_groups(home)
    circuits.lay(home)
    for position, name in enumerate(STARTING_TRADES):
        Trade.objects.get_or_create(name=name, defaults={"position": position})
    for position, model in enumerate(STARTING_MODELS):
        PageModel.objects.get_or_create(name=model["name"], defaults={**model, "position": position})
    log(home, "kb.town.found", user=admin)
    return admin


@transaction.atomic
def change_town(*, phone: str, address: str, emblem: tuple[bytes, str] | None, by: User) -> Town:
    """What the town says of itself; `emblem` as kb.people.emblem leaves it, None to keep the one there is.

    Raises PermissionDenied.
    """
    if not by.is_superuser:
        raise PermissionDenied("Seul un administrateur règle la commune.")
    town = Town.objects.select_for_update().get()
    town.phone, town.address = phone, address
    if emblem:
        data, town.emblem_mime = emblem
        town.emblem.save("embleme.svg" if town.emblem_mime.endswith("xml") else "embleme.png", ContentFile(data), False)
    town.full_clean()
    town.save()
    log(town, "kb.town.change", user=by, data={"phone": phone, "address": address, "emblem": bool(emblem)})
    transaction.on_commit(lambda: cache.delete(FACTS))
    return town


def _home(town_name: str, admin: User) -> HomePage:
    Locale.objects.get_or_create(language_code="fr")
    Collection.get_first_root_node() or Collection.add_root(name="Root")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    Site.objects.all().delete()
    Page.objects.filter(depth=2).delete()  # Wagtail's welcome page
    root.refresh_from_db()
    home = HomePage(title=town_name, slug="accueil", owner=admin, live=False)
    root.add_child(instance=home)
    home.save_revision(user=admin).publish(user=admin)
    home.refresh_from_db()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name=town_name)
    return home


@transaction.atomic
def open_account(
    *,
    first_name: str,
    last_name: str,
    email: str | None,
    office: str = "",
    groups: tuple[str, ...] = (),
    password: str | None = None,
    by: User | None = None,
) -> User:
    """A new account. Without a password the person cannot sign in by one.

    Raises PermissionDenied unless `by` is an administrator (None: the system), ValidationError.
    """
    if by is not None and not by.is_superuser:
        raise PermissionDenied("Seul un administrateur ouvre un compte.")
    person = User(
        username=sign_in_name(first_name, last_name),
        email=email or None,
        first_name=first_name,
        last_name=last_name,
        office=office,
    )
    if password:
        validate_password(password, person)
    person.set_password(password)
    person.full_clean()
    person.save()
    person.groups.set(Group.objects.filter(name__in=groups))
    if missing := set(groups) - set(person.groups.values_list("name", flat=True)):
        raise ValidationError(f"Groupes inconnus : {', '.join(sorted(missing))}.")
    log(person, "wagtail.create", user=by)
    return person


@transaction.atomic
def close_account(*, person: User, by: User) -> None:
    """The person can sign in no more; what he signed stays his. Raises PermissionDenied, ValidationError."""
    if not by.is_superuser:
        raise PermissionDenied("Seul un administrateur ferme un compte.")
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    if person.is_superuser and not others.exists():
        raise ValidationError("C’est le dernier administrateur : nommez-en un autre d’abord.")
    person.is_active = False
    person.closed_at = timezone.now()
    person.save(update_fields=["is_active", "closed_at"])
    log(person, "kb.account.close", user=by)
