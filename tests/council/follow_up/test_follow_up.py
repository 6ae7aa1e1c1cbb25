"""« Que devient la délibération ? »: tasks, reminders, money; who sees what."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.agenda import operations as agenda
from council.follow_up import operations, queries
from council.follow_up.models import Task
from kb.access import operations as access
from kb.access.models import Role
from kb.notices import operations as notices
from kb.notices.digests import Contents, with_all
from kb.notices.letters import Withheld, letter_for
from kb.notices.models import Mail, Notice
from kb.people.models import User
from kb.permissions import Viewer
from kb.refusals import Refused

pytestmark = pytest.mark.django_db


def plain(answer):
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def task(desk, act, days=20, owner=None):
    return operations.give_task(
        act=act,
        what="Signer la convention",
        owner=owner or desk.town.technical,
        service="Services techniques",
        due=timezone.localdate() + timedelta(days=days),
        by=desk.secretary,
    )


def test_a_task_is_given_told_and_done(desk):
    act = desk.act()
    given = task(desk, act)
    mail = Mail.objects.get(kind="task_given", to=desk.town.technical)
    letter = letter_for(mail)
    assert letter.title == "Signer la convention" and letter.path == "/conseil/mes-taches/"
    operations.finish(task=given, on=timezone.localdate(), words="Signée.", by=desk.town.technical)
    with pytest.raises(Withheld):
        letter_for(mail)
    assert queries.line(Task.objects.get())["words"] == "Signée."


def test_two_tasks_are_two_lines_of_a_digest(desk):
    notices.choose(person=desk.town.technical, rhythm="daily", at_once=False)
    act = desk.act()
    task(desk, act)
    task(desk, act, days=30)
    assert not Mail.objects.filter(to=desk.town.technical).exists()
    waiting = Notice.objects.filter(person=desk.town.technical, mail=None)
    found = Contents(desk.town.technical, list(with_all(waiting)), [], timezone.now())
    assert [(line.title, line.path) for line in found.lines] == [
        ("Tâche confiée : Signer la convention", "/conseil/mes-taches/")
    ] * 2


def test_each_is_reminded_once_before_and_once_after(desk):
    act = desk.act()
    given = task(desk, act, days=10)
    Notice.objects.all().delete()
    today = timezone.localdate()
    assert operations.remind(today) == 0
    assert [operations.remind(today + timedelta(days=4)) for _ in range(2)] == [1, 0]
    assert [operations.remind(today + timedelta(days=11)) for _ in range(2)] == [1, 0]
    assert list(Notice.objects.order_by("pk").values_list("kind", "person")) == [
        ("task_due", desk.town.technical.pk),
        ("task_late", desk.town.technical.pk),
    ]
    operations.finish(task=given, on=today, words="", by=desk.secretary)
    Task.objects.update(late_told_on=None)
    assert operations.remind(today + timedelta(days=12)) == 0


def test_refusals(desk):
    act = desk.act()
    with pytest.raises(Refused, match="est passé"):
        task(desk, act, days=-1)
    with pytest.raises(Refused, match="les deux, ou aucun"):
        operations.note(act=act, values={"budget_year": 2026, "budget_name": ""}, by=desk.secretary)
    given = task(desk, act)
    with pytest.raises(Refused, match="n’est pas encore passé"):
        operations.finish(task=given, on=timezone.localdate() + timedelta(days=1), words="", by=desk.secretary)
    for person in (desk.town.elu, desk.town.outsider):
        with pytest.raises(PermissionDenied):
            operations.finish(task=given, on=timezone.localdate(), words="", by=person)
        with pytest.raises(PermissionDenied):
            operations.note(act=act, values={"note": "x"}, by=person)


def test_the_screens(desk):
    act = desk.act()
    secretary, agent = desk.town.signed_in(desk.secretary), desk.town.signed_in(desk.town.technical)
    due = timezone.localdate() + timedelta(days=5)
    sheet = f"/conseil/actes/{act.pk}/"
    form = {"what": "Préparer le contrat", "owner": desk.secretary.pk, "service": "", "due": due}
    assert secretary.post(f"{sheet}taches/", {**form, "due": "2020-01-01"}).status_code == 422
    assert secretary.post(f"{sheet}taches/", form).status_code == 302
    money = {
        "amount": "1200",
        "budget_year": "2026",
        "budget_name": "Budget principal",
        "contract": "Bail",
        "note": "En cours",
    }
    assert secretary.post(f"{sheet}suivi/", {**money, "budget_name": ""}).status_code == 422
    assert secretary.post(f"{sheet}suivi/", money).status_code == 302
    shown = plain(secretary.get(sheet))
    assert "1 200 €" in shown and "Préparer le contrat" in shown
    page = f"/conseil/{desk.council.instance.pk}/suivi/"
    assert "Préparer le contrat" in plain(secretary.get(page))
    one = task(desk, act)
    assert "Signer la convention" in plain(agent.get("/conseil/mes-taches/"))
    assert f"/conseil/actes/{act.pk}/" not in plain(agent.get("/conseil/mes-taches/"))
    assert "Une tâche vous est confiée" in plain(agent.get("/journal/"))
    assert agent.get(page).status_code == 404
    assert agent.get(f"/conseil/taches/{one.pk}/").status_code == 200
    assert agent.post(f"/conseil/taches/{one.pk}/", {"on": timezone.localdate()})["Location"] == "/conseil/mes-taches/"
    outsider = desk.town.signed_in(desk.town.outsider)
    assert outsider.get(f"/conseil/taches/{one.pk}/").status_code == 404


def test_the_project_page_says_what_was_decided_about_it(desk):
    project = desk.town.project("École des Tilleuls")
    desk.items[0].refresh_from_db()
    asked = agenda.propose(instance=desk.council.instance, page=project, title="Le lot 2", why="", by=desk.town.admin)
    asked.item, asked.state = desk.items[0], "accepted"
    asked.save()
    act = desk.sitting_acts()[0]
    (row,) = queries.about_page(Viewer(desk.town.admin), project.pk)
    assert row["url"] == f"/conseil/actes/{act.pk}/" and "Tarifs de la cantine" in row["title"]
    shown = plain(desk.town.signed_in(desk.town.admin).get(f"/p/{project.pk}/"))
    assert f"Délibération {act.written}" in shown
    assert queries.about_page(Viewer(desk.town.outsider), project.pk) == []
    member = desk.town.person("Paul", "Lecteur")
    desk.town.give(Role.READER, desk.town.home, person=member)
    assert [row["title"] for row in queries.about_page(Viewer(member), project.pk)] == [row["title"]]
    access.reserve(page=desk.items[0], by=desk.town.admin, why="Affaire individuelle")
    assert queries.about_page(Viewer(member), project.pk) == []


def test_a_closed_account_is_given_nothing_and_reminded_of_nothing(desk):
    act, leaver = desk.act(), desk.town.technical
    given = task(desk, act, days=3)
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    leaver.refresh_from_db()
    assert operations.remind(timezone.localdate() + timedelta(days=1)) == 0
    with pytest.raises(Refused, match="est fermé : confiez la tâche à quelqu’un d’autre"):
        task(desk, act, owner=leaver)
    with pytest.raises(PermissionDenied):
        operations.finish(task=given, on=timezone.localdate(), words="", by=leaver)
    secretary = desk.town.signed_in(desk.secretary)
    for path in (f"/conseil/{act.instance_id}/suivi/", f"/conseil/actes/{act.pk}/"):
        assert "Patrick Brun, Services techniques (compte fermé)" in plain(secretary.get(path)), path
    form = {"what": "Signer", "owner": leaver.pk, "service": "", "due": timezone.localdate()}
    assert secretary.post(f"/conseil/actes/{act.pk}/taches/", form).status_code == 422


def test_ones_tasks_ask_as_much_for_one_as_for_three(desk):
    secretary, counted = desk.town.signed_in(desk.secretary), []
    acts = [desk.sitting_acts()[0], *(desk.act() for _ in range(2))]
    for act in acts:
        task(desk, act, owner=desk.secretary)
        secretary.get("/conseil/mes-taches/")
        with CaptureQueriesContext(connection) as asked:
            secretary.get("/conseil/mes-taches/")
        counted.append(len(asked))
    assert counted[0] == counted[-1]
