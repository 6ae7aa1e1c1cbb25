"""Who reads a page or a file, as it is and as it would be elsewhere: what is shown before anything changes hands."""

from dataclasses import dataclass, field

from wagtail.models import Page

from kb.access.models import Boundary, Grant
from kb.access.queries import grants_on, members_of
from kb.documents.models import Document, VersionUse
from kb.people.models import User
from kb.permissions import NOBODY, Standing


@dataclass(frozen=True)
class Held:
    """What one person is on a page, and the grants that make it, the decisive one first."""

    person: User
    standing: Standing
    grants: tuple[Grant, ...]


@dataclass(frozen=True)
class Audience:
    """Person's id → what he is; and whether whoever comes reads too. Administrators, who pass, stand apart."""

    people: dict[int, Held]
    public: bool = False


@dataclass(frozen=True)
class Change:
    """What a deed would do to an audience, by name; `changed` keeps the access with another role."""

    gained: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    opens: bool = False  # whoever comes would read
    closes: bool = False  # whoever comes would read no more

    @property
    def widens(self) -> bool:
        """Whether somebody would read who does not."""
        return bool(self.gained or self.opens)


def audience_on(page: Page) -> Audience:
    """Who reads `page`, or works on it. Four queries."""
    return _audience(grants_on(page))


def people_on(page: Page) -> dict[int, Held]:
    """Person's id → what grants make of him on `page`, the public apart. Four queries."""
    return audience_on(page).people


def audience_under(page: Page, parent: Page) -> Audience:
    """Who would read `page` if it stood below `parent`, with the rights given on it."""
    mine = list(
        Grant.objects.in_force().filter(page=page.pk).select_related("page", "group", "person", "team__trashed")
    )
    above = [] if Boundary.objects.filter(page=page.pk).exists() else grants_on(parent)
    return _audience([*mine, *above])


def _audience(grants: list[Grant]) -> Audience:
    members = members_of(grants)
    wanted = {pk for people in members.values() for pk in people}
    people = User.objects.filter(is_active=True).in_bulk(wanted)
    held: dict[int, Held] = {}
    for grant in sorted(grants, key=lambda grant: -grant.role):
        for pk in members[grant.pk]:
            if pk in people:
                before = held.get(pk) or Held(people[pk], NOBODY, ())
                held[pk] = Held(people[pk], before.standing.with_role(grant.role), (*before.grants, grant))
    return Audience(held, any(grant.public for grant in grants))


def change_between(before: Audience, after: Audience) -> Change:
    """Who gains, loses, keeps otherwise."""
    old, new = before.people, after.people
    # Where the public reads, everybody reads: an account neither gains nor loses it.
    return Change(
        gained=[] if before.public else sorted(str(new[pk].person) for pk in new.keys() - old.keys()),
        lost=[] if after.public else sorted(str(old[pk].person) for pk in old.keys() - new.keys()),
        changed=sorted(
            f"{new[pk].person} : {old[pk].standing.words} → {new[pk].standing.words}"
            for pk in new.keys() & old.keys()
            if old[pk].standing.words != new[pk].standing.words
        ),
        opens=after.public and not before.public,
        closes=before.public and not after.public,
    )


def audience_of(document: Document) -> Audience:
    """Who reads a document now: the readers of the live pages that carry it, the editors of the drafts that do."""
    uses = VersionUse.objects.filter(version__document=document).values_list("page", "in_live")
    live = {page: False for page, _ in uses}
    for page, in_live in uses:
        live[page] |= in_live
    people: dict[int, Held] = {}
    public = False
    for page in Page.objects.filter(pk__in=live, trashed=None):
        on = audience_on(page)
        read = live[page.pk] and page.live
        public |= read and on.public
        people |= {pk: held for pk, held in on.people.items() if read or held.standing.edits}
    return Audience(people, public)


def gained_by_attaching(document: Document, page: Page) -> Change:
    """Who reads `page` and would read `document` with it, and does not read it now.

    Nothing where no page carries the document yet: it has no other readers to be compared with.
    """
    if not VersionUse.objects.filter(version__document=document).exclude(page=page.pk).exists():
        return Change()
    change = change_between(audience_of(document), audience_on(page))
    return Change(gained=change.gained, opens=change.opens)
