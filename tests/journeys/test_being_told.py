"""An élue on her phone: she follows a project, is told on Friday, reads what changed, and stops in one click."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from kb.notices import operations
from kb.notices.models import MailHabits
from kb.pages import operations as pages
from kb.work import operations as work

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def publish(town, page, why):
    draft = page.get_latest_revision_as_object()
    draft.body = [("paragraph", "<p>Le lot 2 est attribué.</p>")]
    draft.announce = True
    revision = pages.save_draft(page=draft, author=town.admin, why=why)
    pages.publish_revision(page=page, revision=revision, author=town.admin)
    work.drain()


def next_friday():
    today = timezone.localdate()
    return today + timedelta(days=(4 - today.weekday()) % 7)


def test_from_following_to_stopping(town, visitor):
    project = town.project("École des Tilleuls", body=[("paragraph", "<p>Le lot 2 est à attribuer.</p>")])
    phone = visitor(width=390).sign_in(town.signed_in(town.elu))
    with phone.page.expect_response("**/lu/"):  # three seconds on the page: it is read
        phone.page.goto(f"/p/{project.pk}/")
    phone.page.locator("summary", has_text="Suivre").click()
    assert phone.page.get_by_label("cette page et tout ce qui est dessous").is_checked()
    phone.page.get_by_role("button", name="Suivre", exact=True).click()
    phone.page.get_by_text("Vous suivez cette page et tout ce qui est dessous. Son actualité").wait_for()

    publish(town, project, "Le lot 2 est attribué")
    operations.write_digest(person=town.elu, today=next_friday())
    work.drain()
    (message,) = mail.outbox
    assert "Le lot 2 est attribué" in message.body

    phone.page.goto(f"/p/{project.pk}/")
    phone.page.get_by_role("link", name="Voir ce qui a changé").click()
    phone.page.get_by_role("heading", name="Ce qui a changé").first.wait_for()
    phone.page.goto("/journal/")
    expect(phone.page.get_by_role("link", name="École des Tilleuls", exact=True)).to_be_visible()

    stop = re.search(r"(/courriels/arret/\S+/)", message.body)
    assert stop is not None
    elsewhere = visitor(width=390)  # a mail is opened where one is not signed in
    elsewhere.page.goto(stop[1])
    assert not MailHabits.objects.filter(rhythm="never").exists()
    elsewhere.page.get_by_role("button", name="Ne plus les recevoir").click()
    elsewhere.page.get_by_text("Vous ne recevrez plus de résumé.").wait_for()
    assert MailHabits.objects.get(person=town.elu).rhythm == "never"
    assert phone.troubles == [] and elsewhere.troubles == []
