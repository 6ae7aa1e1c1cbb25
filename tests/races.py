"""Two people who act at once: what each scenario does, on any database, by real connections of two threads.

`overlapping(first, second)` lets `first` do its deed and hold its transaction open until `second`, which started
meanwhile, waits for it or is done. Each scenario returns what came of it, as JSON holds it.
"""

import io
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page, PageLogEntry

from kb.access import inheritance
from kb.access import operations as access
from kb.access.models import Boundary, Grant, Inheritance, Role
from kb.access.operations import Grantee
from kb.documents import operations as documents
from kb.documents.models import VersionUse
from kb.pages import operations as pages
from kb.pages import tree
from kb.pages.models import ArticlePage
from kb.people.models import User
from kb.permissions import Viewer
from kb.refusals import Refused
from kb.trash import operations as trash
from kb.trash.models import Deletion, Trashed

PATIENCE = 10  # seconds
Deed = Callable[[], Any]


def overlapping(first: Deed, second: Deed) -> list[str]:
    """« done », or the kind of refusal, of each; and « waited » or « at once » for the second."""
    outcome = ["", "", "at once"]
    begun, free = threading.Event(), threading.Event()

    def lead() -> None:
        with transaction.atomic():
            first()
            begun.set()
            free.wait(PATIENCE)

    def follow() -> None:
        begun.wait(PATIENCE)
        with transaction.atomic():
            second()

    threads = [threading.Thread(target=_told, args=(outcome, n, deed)) for n, deed in enumerate((lead, follow))]
    for thread in threads:
        thread.start()
    begun.wait(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while threads[1].is_alive() and time.monotonic() < deadline:
        if _somebody_waits():
            outcome[2] = "waited"
            break
        time.sleep(0.02)
    free.set()
    for thread in threads:
        thread.join()
    tree.forget()
    return outcome


def _told(outcome: list[str], place: int, deed: Deed) -> None:
    try:
        deed()
        outcome[place] = "done"
    except (PermissionDenied, Refused) as refused:
        outcome[place] = type(refused).__name__
    finally:
        connections.close_all()


def _somebody_waits() -> bool:
    if connection.vendor != "postgresql":
        time.sleep(0.3)  # SQLite tells nobody who waits: long enough to be at the lock
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


class Place:
    """A page « Urbanisme » in the town with two responsables, and a person who has nothing."""

    def __init__(self) -> None:
        self.admin = User.objects.filter(is_superuser=True).first()
        home = Page.objects.get(depth=2)
        self.top = pages.create_page(parent=home, page=ArticlePage(title="Urbanisme"), author=self.admin, publish=True)
        self.below = pages.create_page(
            parent=self.top, page=ArticlePage(title="Permis"), author=self.admin, publish=True
        )
        self.ana, self.bob, self.zoe = (self._person(name) for name in ("ana", "bob", "zoe"))
        self.of_ana, self.of_bob = (
            access.give(page=self.top, grantee=Grantee(person=person), role=Role.MANAGER, by=None)
            for person in (self.ana, self.bob)
        )

    def _person(self, name: str) -> User:
        return User.objects.create(username=f"{name}-{self.top.pk}", email=f"{name}-{self.top.pk}@essai.example")

    def give(self, role: Role, by: Any, *, page: Any = None, to: Any = None) -> Deed:
        """The deed of giving."""
        return lambda: access.give(page=page or self.top, grantee=Grantee(person=to or self.zoe), role=role, by=by)

    def rows(self, person: Any = None, page: Any = None) -> list[list[Any]]:
        """[role, whether it is in force] of each grant of somebody on a page, in order."""
        rows = Grant.objects.filter(page=(page or self.top).pk, person=person or self.zoe).order_by("pk")
        return [[row.get_role_display(), row.ended_at is None] for row in rows]

    def log(self) -> list[list[str]]:
        """[before, after] of each change that the page's log tells of Zoé's rights, in order."""
        entries = PageLogEntry.objects.filter(page=self.top.pk, action__startswith="kb.access.").order_by("pk")
        told = [entry.data for entry in entries if str(self.zoe) in entry.data.get("grantee", "")]
        return [[data["before"], data["after"]] for data in told]

    def roles(self, *people: Any, page: Any = None) -> list[str]:
        """What each is on a page, judged afresh."""
        fresh = Page.objects.get(pk=(page or self.top).pk)
        return [Viewer(person).granted(fresh).label for person in people]


def _inherited() -> bool:
    """Whether the closure table says what it must."""
    return inheritance.expected() == set(Inheritance.objects.values_list("page", "source"))


def give_give() -> Any:
    """The same person is given two roles by two responsables."""
    p = Place()
    done = overlapping(p.give(Role.READER, p.ana), p.give(Role.EDITOR, p.bob))
    return [done, p.rows(), p.log()]


def give_the_same() -> Any:
    """The same role is given twice: one row."""
    p = Place()
    done = overlapping(p.give(Role.READER, p.ana), p.give(Role.READER, p.bob))
    return [done, p.rows(), p.log()]


def give_end() -> Any:
    """A role is replaced by one, ended by the other, who saw the old row."""
    p = Place()
    old = p.give(Role.READER, p.ana)()
    done = overlapping(p.give(Role.EDITOR, p.ana), lambda: access.end(grant=old, by=p.bob))
    return [done, p.rows(), p.log()]


def end_end() -> Any:
    """Ended twice: logged once."""
    p = Place()
    old = p.give(Role.READER, p.ana)()
    done = overlapping(lambda: access.end(grant=old, by=p.ana), lambda: access.end(grant=old, by=p.bob))
    return [done, p.rows(), p.log()]


def each_other() -> Any:
    """Two responsables each take the other away: the first does, the second is no longer one."""
    p = Place()
    done = overlapping(lambda: access.end(grant=p.of_bob, by=p.ana), lambda: access.end(grant=p.of_ana, by=p.bob))
    return [done, p.roles(p.ana, p.bob)]


def both_leave() -> Any:
    """Two responsables each take himself away: the last one stays."""
    p = Place()
    access.reserve(page=p.top, by=p.ana)
    done = overlapping(lambda: access.end(grant=p.of_ana, by=p.ana), lambda: access.end(grant=p.of_bob, by=p.bob))
    return [done, p.roles(p.ana, p.bob)]


def one_leaves_above() -> Any:
    """One is taken away above while the last one below leaves: the page below keeps a responsable."""
    p = Place()
    access.reserve(page=p.top, by=p.ana)
    own = access.give(page=p.below, grantee=Grantee(person=p.zoe), role=Role.MANAGER, by=p.ana)
    access.end(grant=p.of_bob, by=p.ana)
    done = overlapping(lambda: access.end(grant=own, by=p.zoe), lambda: access.end(grant=p.of_ana, by=p.ana))
    return [done, p.roles(p.ana, p.zoe, page=p.below)]


def reserve_give() -> Any:
    """A page is reserved while a right is given above it: it does not count below."""
    p = Place()
    done = overlapping(lambda: access.reserve(page=p.below, by=p.ana), p.give(Role.READER, p.bob))
    seen = Page.objects.filter(Viewer(p.zoe).visible(), pk__in=[p.top.pk, p.below.pk])
    return [done, p.roles(p.zoe) + p.roles(p.zoe, page=p.below), [page.title for page in seen], _inherited()]


def reserve_reserve() -> Any:
    """A page and the one below are reserved at once: neither's inheritance forgets the other."""
    p = Place()
    p.give(Role.READER, p.ana)()
    done = overlapping(lambda: access.reserve(page=p.top, by=p.ana), lambda: access.reserve(page=p.below, by=p.bob))
    kept = Boundary.objects.filter(page__in=[p.top.pk, p.below.pk]).count()
    return [done, kept, p.roles(p.zoe, p.bob, page=p.below), _inherited()]


def reserve_create() -> Any:
    """A page is made below one that is being reserved: nobody from above sees it in a list."""
    p = Place()
    p.give(Role.READER, p.ana)()
    done = overlapping(
        lambda: access.reserve(page=p.below, by=p.ana),
        lambda: pages.create_page(parent=p.below, page=ArticlePage(title="Contentieux"), author=p.admin, publish=True),
    )
    seen = Page.objects.filter(Viewer(p.zoe).visible(), path__startswith=p.top.path)
    return [done, sorted(page.title for page in seen), _inherited()]


def reserve_move() -> Any:
    """A page moves below one that is being reserved, by somebody who read both before."""
    p = Place()
    p.give(Role.READER, p.ana)()
    mover = pages.create_page(parent=p.top, page=ArticlePage(title="Recours"), author=p.admin, publish=True)
    before, target = Page.objects.get(pk=mover.pk), Page.objects.get(pk=p.below.pk)
    done = overlapping(
        lambda: access.reserve(page=p.below, by=p.ana),
        lambda: before.move(target, pos="last-child", user=p.admin),
    )
    seen = Page.objects.filter(Viewer(p.zoe).visible(), path__startswith=p.top.path)
    return [done, sorted(page.title for page in seen), _inherited(), Page.find_problems()]


def first_child_twice() -> Any:
    """Two people make the first page below the same one, which both knew without any."""
    p = Place()
    one, other = Page.objects.get(pk=p.below.pk), Page.objects.get(pk=p.below.pk)
    done = overlapping(
        lambda: pages.create_page(parent=one, page=ArticlePage(title="Un"), author=p.ana),
        lambda: pages.create_page(parent=other, page=ArticlePage(title="Deux"), author=p.bob),
    )
    titles = [page.title for page in Page.objects.get(pk=p.below.pk).get_children()]
    return [done, titles, Page.find_problems(), _inherited()]


def attach_attach() -> Any:
    """Two files dropped on one page at once: both are joined to its draft."""
    p = Place()
    one, other = (
        documents.deposit(file=io.BytesIO(name.encode()), file_name=f"{name}.txt", author=p.admin)
        for name in ("un", "deux")
    )
    here, there = (Page.objects.get(pk=p.top.pk).specific for _ in range(2))
    done = overlapping(
        lambda: pages.attach_document(page=here, document=one, author=p.admin),
        lambda: pages.attach_document(page=there, document=other, author=p.admin),
    )
    draft = Page.objects.get(pk=p.top.pk).specific.get_latest_revision_as_object()
    used = VersionUse.objects.filter(page=p.top.pk, in_draft=True).count()
    return [done, [str(row) for row in draft.attachments.all()], used]


def _state_of_the_trash(p: Place) -> list[Any]:
    """Titles of the place that an administrator sees, titles in the trash; the inheritance and the tree are right."""
    branch = Page.objects.filter(path__startswith=Page.objects.get(pk=p.top.pk).path)
    seen, gone = branch.filter(Viewer(p.admin).visible()), branch.filter(pk__in=Trashed.objects.values("page"))
    return [
        sorted(page.title for page in seen),
        sorted(page.title for page in gone),
        _inherited() and not any(Page.find_problems()),
    ]


def delete_delete() -> Any:
    """Two responsables delete one page: it is in the trash once."""
    p = Place()
    done = overlapping(
        lambda: trash.delete_page(page=p.below, by=p.ana, why="Un"),
        lambda: trash.delete_page(page=p.below, by=p.bob, why="Deux"),
    )
    return [done, [row.why for row in Deletion.objects.filter(page=p.below.pk)], _state_of_the_trash(p)]


def delete_create() -> Any:
    """A page is made below another that is being deleted: it is not."""
    p = Place()
    done = overlapping(
        lambda: trash.delete_page(page=p.top, by=p.admin, why="x"),
        lambda: pages.create_page(parent=p.below, page=ArticlePage(title="Nouvelle"), author=p.bob),
    )
    return [done, _state_of_the_trash(p)]


def create_delete() -> Any:
    """Made just before, it goes with the rest."""
    p = Place()
    done = overlapping(
        lambda: pages.create_page(parent=p.below, page=ArticlePage(title="Nouvelle"), author=p.bob),
        lambda: trash.delete_page(page=p.top, by=p.admin, why="x"),
    )
    return [done, _state_of_the_trash(p)]


def delete_publish() -> Any:
    """A page that is being deleted is not published: it comes back as it was."""
    p = Place()
    page = Page.objects.get(pk=p.below.pk).specific
    page.title = "Autre titre"
    revision = page.save_revision(user=p.admin)
    before = Page.objects.get(pk=p.below.pk).live_revision_id
    done = overlapping(
        lambda: trash.delete_page(page=p.below, by=p.ana, why="x"),
        lambda: pages.publish_revision(page=p.below, revision=revision, author=p.bob),
    )
    trash.restore(deletion=Deletion.objects.get(page=p.below.pk), by=p.ana)
    return [done, Page.objects.get(pk=p.below.pk).live_revision_id == before, _state_of_the_trash(p)]


def delete_save() -> Any:
    """Somebody saves the page that is being deleted: he is told, and nothing is half made."""
    p = Place()
    page = Page.objects.get(pk=p.below.pk).specific
    done = overlapping(
        lambda: trash.delete_page(page=p.below, by=p.ana, why="x"),
        lambda: pages.save_draft(page=page, author=p.bob),
    )
    return [done, _state_of_the_trash(p)]


def delete_move() -> Any:
    """A page is moved, as the screen does, below another that is being deleted: it stays where it is."""
    p = Place()
    outside = pages.create_page(
        parent=Page.objects.get(depth=2), page=ArticlePage(title="Dehors"), author=p.admin, publish=True
    )

    def move() -> None:
        tree.one_writer()
        page, target = Page.objects.get(pk=outside.pk), Page.objects.get(pk=p.below.pk)
        MovePageAction(page.specific, target.specific, pos="last-child", user=p.admin).execute()

    done = overlapping(lambda: trash.delete_page(page=p.top, by=p.admin, why="x"), move)
    return [done, _state_of_the_trash(p), Page.objects.get(pk=outside.pk).depth]


def move_delete() -> Any:
    """Moved just before below it, it goes with it."""
    p = Place()
    outside = pages.create_page(
        parent=Page.objects.get(depth=2), page=ArticlePage(title="Dehors"), author=p.admin, publish=True
    )
    done = overlapping(
        lambda: Page.objects.get(pk=outside.pk).move(Page.objects.get(pk=p.below.pk), pos="last-child", user=p.admin),
        lambda: trash.delete_page(page=p.top, by=p.admin, why="x"),
    )
    return [done, _state_of_the_trash(p)]


def restore_restore() -> Any:
    """Two people take out one thing."""
    p = Place()
    deletion = trash.delete_page(page=p.below, by=p.ana, why="x")
    done = overlapping(
        lambda: trash.restore(deletion=deletion, by=p.ana), lambda: trash.restore(deletion=deletion, by=p.bob)
    )
    return [done, _state_of_the_trash(p)]


def restore_below_what_is_deleted() -> Any:
    """What is deleted apart comes back while what stands above it goes: it goes with it."""
    p = Place()
    deletion = trash.delete_page(page=p.below, by=p.admin, why="x")
    done = overlapping(
        lambda: trash.restore(deletion=deletion, by=p.admin), lambda: trash.delete_page(page=p.top, by=p.admin, why="x")
    )
    return [done, _state_of_the_trash(p)]


WAITED = ["done", "done", "waited"]
EXPECTED: dict[Callable[[], Any], Any] = {
    give_give: [
        WAITED, [["lecteur", False], ["éditeur", True]], [["aucun", "lecteur"], ["lecteur", "éditeur"]],
    ],
    give_the_same: [WAITED, [["lecteur", True]], [["aucun", "lecteur"]]],
    give_end: [
        WAITED, [["lecteur", False], ["éditeur", True]], [["aucun", "lecteur"], ["lecteur", "éditeur"]],
    ],
    end_end: [WAITED, [["lecteur", False]], [["aucun", "lecteur"], ["lecteur", "aucun"]]],
    each_other: [["done", "PermissionDenied", "waited"], ["responsable", "aucun"]],
    both_leave: [["done", "Refused", "waited"], ["aucun", "responsable"]],
    one_leaves_above: [["done", "Refused", "waited"], ["responsable", "aucun"]],
    reserve_give: [WAITED, ["lecteur", "aucun"], ["Urbanisme"], True],
    reserve_reserve: [WAITED, 2, ["aucun", "responsable"], True],
    reserve_create: [WAITED, ["Urbanisme"], True],
    reserve_move: [WAITED, ["Urbanisme"], True, [[], [], [], [], []]],
    first_child_twice: [WAITED, ["Un", "Deux"], [[], [], [], [], []], True],
    attach_attach: [WAITED, ["Un", "Deux"], 2],
    delete_delete: [["done", "PermissionDenied", "waited"], ["Un"], [["Urbanisme"], ["Permis"], True]],
    delete_create: [["done", "PermissionDenied", "waited"], [[], ["Permis", "Urbanisme"], True]],
    create_delete: [WAITED, [[], ["Nouvelle", "Permis", "Urbanisme"], True]],
    delete_publish: [["done", "PermissionDenied", "waited"], True, [["Permis", "Urbanisme"], [], True]],
    delete_save: [["done", "PermissionDenied", "waited"], [["Urbanisme"], ["Permis"], True]],
    delete_move: [["done", "MovePagePermissionError", "waited"], [[], ["Permis", "Urbanisme"], True], 3],
    move_delete: [WAITED, [[], ["Dehors", "Permis", "Urbanisme"], True]],
    restore_restore: [["done", "Refused", "waited"], [["Permis", "Urbanisme"], [], True]],
    restore_below_what_is_deleted: [WAITED, [[], ["Permis", "Urbanisme"], True]],
}  # fmt: skip


def all_in_json() -> str:
    """Each scenario's name and what came of it, for who runs them in another process."""
    return json.dumps({scenario.__name__: scenario() for scenario in EXPECTED})
