"""The demo town, loaded once for all the tests of this file."""

import io
import json
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pypdfium2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from council.agenda.models import AgendaItemPage, SittingPage
from council.convening.models import Signature
from council.items import queries as items
from council.items.models import AnnexToRenew, ItemAdvice
from kb.buttons import tokens
from kb.buttons.models import SignInCode
from kb.comments.models import PageComment
from kb.demo import operations
from kb.demo import pages as demo_pages
from kb.demo.files import PAPERS
from kb.demo.following import REMEMBERED
from kb.demo.history import History
from kb.demo.people import EVERYBODY, drawn_password
from kb.demo.pictures import PICTURES
from kb.demo.when import When
from kb.demo.writing import PaperName, PictureName, french, html_of, named_at
from kb.documents import operations as documents
from kb.documents.models import Attachment, Document, DocumentVersion, Image, VersionUse
from kb.life.models import Archived, ReviewDate
from kb.links.models import MissingLink, PageLink
from kb.notices import registries, rules
from kb.notices.models import Mail, MailHabits, MailState, Notice
from kb.notices.replay import replay
from kb.pages.enums import ProjectState
from kb.pages.models import Favourite, HomePage, ProjectPage, Reading, RevisionRecord, ServicePage
from kb.people.models import Town, User
from kb.permissions import Viewer
from kb.trash.models import Deletion
from kb.work.models import Job

pytestmark = pytest.mark.django_db

ANCHOR = date(2026, 10, 7)


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is rolled back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def snapshot() -> dict[str, Any]:
    """What two loadings on the same day must have in common."""
    pages = Page.objects.filter(depth__gt=1).order_by("path")
    return {
        "pages": list(
            pages.values_list(
                "path",
                "title",
                "url_path",
                "live",
                "has_unpublished_changes",
                "first_published_at",
                "last_published_at",
            )
        ),
        "bodies": [page.specific.body.get_prep_value() and _words(page.specific) for page in pages],
        "reasons": list(
            RevisionRecord.objects.order_by("pk").values_list("why", "published_at", "revision__created_at")
        ),
        "versions": list(
            DocumentVersion.objects.order_by("pk").values_list("document__title", "number", "sha256", "deposited_at")
        ),
        "people": list(User.objects.order_by("pk").values_list("username", "office", "date_joined")),
    }


def _words(page: Any) -> str:
    """The content, less the ids of rows: sequences do not go back with a rollback."""
    return "".join(char for char in json.dumps(page.body.get_prep_value()) if not char.isdigit())


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The town of 7 October 2026, and the snapshot of a first loading that was undone."""
    with django_db_blocker.unblock():
        with undone():
            call_command("demo", anchor=ANCHOR, stdout=io.StringIO())
            first = snapshot()
        with undone():
            out, start = io.StringIO(), monotonic()
            call_command("demo", anchor=ANCHOR, stdout=out)
            yield {"first": first, "said": out.getvalue(), "seconds": monotonic() - start}


@pytest.fixture(autouse=True)
def on_this_town(town: dict[str, Any]) -> None:
    """Each test reads the town; what it writes is undone."""


def test_the_town_and_its_people(town):
    assert list(Town.objects.values_list("name", "is_demo")) == [("Valmorin-sur-Drise", True)]
    elected = User.objects.filter(groups__name="Élus")
    assert elected.count() == 19
    assert elected.filter(groups__name="Maire et adjoints").count() == 6
    assert list(User.objects.filter(is_active=False).values_list("username", flat=True)) == ["martine.rey"]
    assert list(User.objects.filter(email=None).values_list("username", flat=True)) == ["gerard.lantelme"]
    assert list(User.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["gilles.ferrand"]
    print(f"loaded in {town['seconds']:.0f} s")  # shown by -s; the machine decides, so nothing is asserted


def test_the_shelves_of_the_menu_stand_in_their_order():
    home = HomePage.objects.get()
    menu = home.get_children().filter(show_in_menus=True, live=True).values_list("title", flat=True)
    assert list(menu) == ["Projets", "Services", "Séances"]


def test_eight_projects_in_all_states():
    assert Counter(ProjectPage.objects.values_list("state", flat=True)) == {
        ProjectState.RUNNING: 3,
        ProjectState.IDEA: 2,
        ProjectState.SUSPENDED: 1,
        ProjectState.DONE: 1,
        ProjectState.ABANDONED: 1,
    }
    late = ProjectPage.objects.filter(state="running", phases__done=False, phases__ends__lt=ANCHOR)
    assert [page.title for page in late.distinct()] == ["Voirie du chemin des Lauzes"]
    school = ProjectPage.objects.get(slug__startswith="renovation")
    assert (school.phases.count(), school.funding.count(), school.next_steps.count(), school.team.count()) == (
        5,
        5,
        5,
        4,
    )
    assert sum(line.amount for line in school.funding.all()) == school.budget == 486_000


def test_pages_drafts_and_figures():
    pages = Page.objects.filter(depth__gt=1)
    assert pages.count() >= 60
    assert pages.filter(live=True, has_unpublished_changes=True).count() >= 6
    assert pages.filter(live=False).count() == 6  # with the sitting in preparation and its three items
    assert {page.trade.name for page in ServicePage.objects.exclude(indicators=None)} >= {
        "Technique",
        "Budget",
        "Secrétariat",
    }
    assert Favourite.objects.count() >= 10
    assert Reading.objects.count() >= 10
    said = PageComment.objects.order_by("written_at")
    assert [str(comment.author) for comment in said] == [
        "Nadia Benkacem",
        "Jean-Luc Peyrard",
        "Bernard Aubanel",
        "Sylvie Roussillon",
        "Didier Fauresse",
    ]
    assert said.filter(state="resolved").count() == said.filter(open_to_readers=True).count() == 1
    assert said.exclude(block="").count() == said.exclude(quote="").exclude(block="").count() == 3
    assert max(comment.written_at.date() for comment in said) == ANCHOR - timedelta(days=6)


def test_the_sitting_in_preparation_has_items_on_their_way():
    sitting = SittingPage.objects.get(live=False)
    found = {row.draft_title: row for row in AgendaItemPage.objects.child_of(sitting)}
    stands = items.standings(Viewer(User.objects.get(username="claire.valette")), list(found.values()))
    said = {found_title: stands[page.pk]["words"] for found_title, page in found.items() if page.pk in stands}
    at_the_rapporteurs = said.pop("Convention avec le centre de loisirs Les Aulnes")
    assert at_the_rapporteurs.startswith("Chez le rapporteur (Sylvie Roussillon)")
    assert said == {"Éclairage public, tranche 2": "Brouillon, pas encore soumis"}
    assert [row.title for row in AnnexToRenew.objects.all()] == ["Marché d’éclairage public"]
    assert "Tableau des effectifs" in [row.title for row in items.planned_for(sitting)]


def test_the_convened_items_passed_their_circuit_before_the_maire_signed():
    (signature,) = Signature.objects.all()
    assert (str(signature.mandate), signature.unchecked) == ("Hélène Marchetti", [])
    advice = ItemAdvice.objects.get()
    assert (str(advice.page), str(advice.commission)) == ("Décision modificative n°\u00a02", "Commission finances")
    assert advice.given_on < ANCHOR


def test_every_kind_of_block_is_used():
    used = {
        block["type"] for page in Page.objects.filter(depth__gt=1).specific() for block in page.body.get_prep_value()
    }
    assert used == {"paragraph", "image", "table", "callout", "document", "files", "steps", "faq", "embed"}


def test_links_between_pages_and_pages_to_create():
    assert PageLink.objects.filter(in_live=True).count() >= 60
    missing = set(MissingLink.objects.filter(in_live=True, target=None).values_list("title", flat=True))
    assert {"Plan communal de sauvegarde", "Charte des terrasses"} <= missing
    assert Page.objects.get(title="Diagnostic énergétique de l’école").links_in.filter(in_live=True).exists()


def test_documents_of_four_formats_with_versions():
    kinds = Counter(DocumentVersion.objects.values_list("kind", flat=True))
    assert {"docx", "odt", "pdf", "xlsx"} <= kinds.keys()
    assert Document.objects.count() == len(PAPERS)
    assert (
        max(Document.objects.get(title__startswith="Rapport d’analyse").versions.values_list("number", flat=True)) == 3
    )
    assert all(image.uses.filter(in_live=True).exists() for image in Image.objects.all())


def test_one_pdf_is_a_scan_without_a_word():
    silent = []
    for version in DocumentVersion.objects.filter(kind="pdf"):
        with version.file.storage.open(version.file.name) as file:
            pages = pypdfium2.PdfDocument(file.read())
        if not any(page.get_textpage().get_text_range().strip() for page in pages):
            silent.append(version.document.title)
    assert "Arrêté de subvention DETR" in silent


def test_a_replaced_document_waits_on_the_three_pages_that_carry_it():
    tariffs = Document.objects.get(title__startswith="Tarifs de la cantine")
    behind = documents.pages_behind(tariffs, User.objects.get(username="claire.valette"))
    assert {page.title for page in behind} == {"Inscriptions à la cantine", "Régie de la cantine", "Tarifs municipaux"}
    assert set(
        VersionUse.objects.filter(in_live=True, version__document=tariffs).values_list("version__number", flat=True)
    ) == {1}


def test_one_page_keeps_its_version():
    kept = Attachment.objects.get(pinned=True)
    assert (kept.version.number, kept.document.current_version.number) == (1, 2)


def test_a_year_of_history_before_the_loading():
    revisions = Revision.objects.exclude(record=None)
    first = revisions.earliest("created_at").created_at
    last = revisions.latest("created_at").created_at
    assert ANCHOR - timedelta(days=410) < timezone.localdate(first) < ANCHOR - timedelta(days=360)
    assert ANCHOR - timedelta(days=7) <= timezone.localdate(last) < ANCHOR
    assert revisions.values("user").distinct().count() >= 8
    assert not RevisionRecord.objects.filter(published_at__date__gte=ANCHOR).exists()
    for model in (PageLogEntry, ModelLogEntry):
        assert not model.objects.filter(timestamp__date__gte=ANCHOR).exists()
    assert not DocumentVersion.objects.filter(deposited_at__date__gte=ANCHOR).exists()


def test_dates_of_a_page_agree_with_its_revisions():
    for page in Page.objects.filter(depth__gt=2):
        records = [row for row in page.revision_records.order_by("revision__created_at") if row.published_at]
        assert page.latest_revision_created_at == page.get_latest_revision().created_at, page.title
        if page.live:
            assert page.first_published_at == records[0].published_at, page.title
            assert page.last_published_at == records[-1].published_at, page.title
        moments = list(page.revisions.order_by("pk").values_list("created_at", flat=True))
        assert moments == sorted(moments), page.title


def test_two_loadings_on_the_same_day_are_the_same_but_for_passwords(town):
    assert snapshot() == town["first"]


def test_it_says_what_it_does(town):
    assert town["said"].splitlines()[0] == "Les comptes : la mairie et ses 19 élus…"
    assert town["said"].splitlines()[-1].startswith("Valmorin-sur-Drise est prête en ")


def test_a_second_loading_is_refused():
    with pytest.raises(CommandError, match="Cette installation a déjà sa commune"):
        call_command("demo")


def test_accounts_as_json_alone():
    out = io.StringIO()
    call_command("demo", accounts=True, json=True, stdout=out)
    accounts = json.loads(out.getvalue())
    assert [set(account) for account in accounts] == [{"username", "name", "role", "groups", "password", "link"}] * 28
    elected = [account for account in accounts if "Élus" in account["groups"]]
    assert len(elected) == 19 and all(account["password"] is None for account in elected)
    assert {account["link"] for account in accounts if account not in elected} == {None}
    assert elected == [account for account in operations.accounts() if account in elected]  # not pressed: the same


def test_the_link_of_an_elu_enters_and_the_next_one_is_fresh():
    link = {account["username"]: account["link"] for account in operations.accounts()}["gerard.lantelme"]
    client = Client()
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == "/elu/"  # a councillor's home
    again = {account["username"]: account["link"] for account in operations.accounts()}["gerard.lantelme"]
    assert again != link and Client().post(again)["Location"] == "/elu/"
    other = Client()
    assert other.post(link)["Location"] == "/entrer/code/"
    shown = tokens.digits_of(SignInCode.objects.get())
    assert shown in other.get("/entrer/code/").content.decode()


def test_what_the_accounts_hold():
    accounts = operations.accounts()
    claire = next(account for account in accounts if account["username"] == "claire.valette")
    assert claire == {
        "username": "claire.valette",
        "name": "Claire Valette",
        "role": "Secrétaire générale",
        "groups": ["Direction", "Secrétariat du conseil"],
        "password": claire["password"],
        "link": None,
    }
    assert User.objects.get(username="claire.valette").check_password(claire["password"])
    assert not User.objects.get(username="gerard.lantelme").has_usable_password()
    file = Path(settings.DATA_DIR) / "demo-accounts.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_life_of_a_few_pages():
    """One in the trash, one archived, two to be checked, of which one is late."""
    [deletion] = Deletion.objects.open().select_related("page", "deleted_by")
    assert (deletion.page.title, deletion.deleted_by.username) == ("Visite des berges", "claire.valette")
    assert list(Archived.objects.values_list("by__username", flat=True)) == ["claire.valette"]
    today = timezone.localdate()
    assert [row.due < today for row in ReviewDate.objects.order_by("due")] == [True, False]


def test_a_year_replayed_gives_an_elu_three_mails_a_week_at_most():
    first = ANCHOR - timedelta(days=365)
    when = When(ANCHOR)
    assert registries.sittings(first, ANCHOR) >= {when.sitting(place) for place in (-4, -3, -2, -1)}
    tallies = replay(first=first, last=ANCHOR)
    elus = [tally for tally in tallies if tally.role == "élu"]
    assert (len(elus), len(tallies)) == (19, User.objects.filter(is_active=True).count())
    assert max(tally.max_per_week_outside_sittings for tally in elus) <= 3
    assert sum(tally.mails > 0 for tally in elus) == 18  # one has no address; the convocation reaches all others


def test_journals_hold_the_last_weeks_and_nothing_is_left_to_send():
    assert not Job.objects.filter(kind__in=("digest", "tell_followers")).exists()
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}
    told = Notice.objects.filter(person__username="sylvie.roussillon").order_by("at")
    assert told.count() >= 5 and timezone.localdate(told[0].at) >= ANCHOR - timedelta(days=REMEMBERED + 3)
    last_turns = dict(MailHabits.objects.values_list("person__username", "last_turn"))
    waiting = Notice.objects.filter(mail=None, at__lt=when_morning(last_turns["sylvie.roussillon"]))
    assert not waiting.filter(person__username="sylvie.roussillon").exists()


def when_morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, rules.MORNING))


def test_readers_open_every_live_page(client):
    for name, reserved in (("sylvie.roussillon", 200), ("robert.sauzet", 404)):
        client.force_login(User.objects.get(username=name), backend=settings.AUTHENTICATION_BACKENDS[1])
        for page in Page.objects.filter(depth__gt=1, live=True, trashed=None):
            expected = reserved if page.slug == "suivi-de-tresorerie" else 200
            assert client.get(f"/p/{page.pk}/", follow=True).status_code == expected, page.title


@pytest.mark.parametrize(
    "anchor", [date(2026, 8, 15), date(2026, 12, 31), date(2027, 1, 3), date(2027, 2, 14), date(2028, 3, 1)]
)
def test_whatever_the_day_nothing_comes_before_what_it_needs_nor_after_the_loading(anchor):
    when = When(anchor)
    history = History(when, {}, Page())
    for sheet in demo_pages.sheets(when):
        for number in range(1, len(sheet.changes) + 1):
            known = {PaperName(paper.key) for paper in PAPERS} | {PictureName(picture.key) for picture in PICTURES}
            assert named_at(sheet, number) <= known
    moments = [at for at, _ in history._deeds(demo_pages.sheets(when), PAPERS, PICTURES)]
    assert timezone.localdate(max(moments)) < anchor
    assert when.sitting(0) >= anchor + timedelta(days=9)
    assert {when.sitting(place).weekday() for place in (-4, -3, -2, -1, 0, 1)} == {1}


def test_french_spaces_and_the_small_markup():
    assert french("l'école : 486 000 € « oui »") == "l’école\u00a0: 486\u202f000\u00a0€ «\u00a0oui\u00a0»"
    assert html_of("## Titre\n\n- un\n- **deux**\n\nVoir <<plan|le plan>> & [[Page]].") == (
        "<h2>Titre</h2><ul><li>un</li><li><b>deux</b></li></ul>"
        '<p>Voir <a linktype="document" paper="plan">le plan</a> &amp; [[Page]].</p>'
    )


def test_a_drawn_password_passes_the_rules_for_its_owner():
    assert all(len(drawn_password(person)) >= 12 for person in EVERYBODY)
