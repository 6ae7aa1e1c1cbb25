"""The registers are the administrator's, and nobody edits them; a failed job is tried again."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest

from kb.access.models import Role
from kb.backup.models import BackupRecord
from kb.exchange.models import ImportRecord
from kb.notices import letters
from kb.notices import models as notices
from kb.notices.models import Mail
from kb.work import models as work
from kb.work import registry
from kb.work.models import Job, JobState

REGISTERS = ("importrecord", "extraction", "job", "backuprecord")


@pytest.mark.parametrize("name", REGISTERS)
def test_read_by_administrators_alone(town, agent, reader, name):
    ImportRecord.objects.create(file_name="plan.docx", state="refused", by=town.admin)
    job = Job.objects.create(kind="thumbnail", state=JobState.FAILED, reason="Illisible")
    admin = town.signed_in(town.admin)
    assert admin.get(f"/admin/kb/{name}/").status_code == 200
    assert admin.get(f"/admin/kb/{name}/?export=csv").status_code == 200
    for nobody in (agent, reader):
        assert nobody.get(f"/admin/kb/{name}/").status_code in {302, 403, 404}
    for deed in ("create/", f"edit/{job.pk}/", f"delete/{job.pk}/"):
        assert admin.post(f"/admin/kb/{name}/{deed}").status_code in {302, 403, 404}
    assert (ImportRecord.objects.count(), Job.objects.count()) == (1, 1)


def test_a_failed_job_is_tried_again(town, agent):
    job = Job.objects.create(kind="thumbnail", state=JobState.FAILED, reason="Illisible", attempts=5)
    assert "Essayer à nouveau" in town.signed_in(town.admin).get(f"/admin/kb/job/inspect/{job.pk}/").content.decode()
    assert agent.post(f"/travaux/{job.pk}/relancer/").status_code == 403
    town.signed_in(town.admin).post(f"/travaux/{job.pk}/relancer/")
    job.refresh_from_db()
    assert job.state == JobState.WAITING


@pytest.mark.parametrize("register", ["grant", "mail", "importrecord", "job", "backuprecord"])
def test_no_address_of_a_register_is_an_error(town, register):
    admin = town.signed_in(town.admin)
    Mail.objects.create(kind="link", to=town.elu, by=town.admin, page_id=town.home.pk, words="Entre nous")
    for question in (
        "",
        "?unknown=1",
        "?q=titre&search_all=1",
        "?p=1",
        "?p=99999",
        "?o=99",
        "?etat=zz",
        "?given_at__gte=zz",
    ):
        assert admin.get(f"/admin/kb/{register}/{question}", follow=True).status_code == 200, question


def test_the_words_of_a_mail_are_between_two_people(town):
    mail = Mail.objects.create(kind="link", to=town.elu, by=town.admin, page_id=town.home.pk, words="Entre nous")
    admin = town.signed_in(town.admin)
    assert "Sylvie Roussillon" in admin.get("/admin/kb/mail/").content.decode()
    assert "Entre nous" not in admin.get(f"/admin/kb/mail/inspect/{mail.pk}/").content.decode()


def test_every_kind_has_its_words():
    assert set(work.KINDS) == set(registry._handlers)
    assert set(notices.KINDS) == set(letters._writers)


def test_registers_speak_french(town):
    job = Job.objects.create(kind="thumbnail", state=JobState.FAILED, reason="Illisible")
    backup = BackupRecord.objects.create(name="nuit.tar", size=6_800_000)
    ImportRecord.objects.create(file_name="plan.docx", state="refused", by=town.admin)
    admin = town.signed_in(town.admin)
    said = {
        address: admin.get(f"/admin/kb/{address}").content.decode()
        for address in (
            "job/",
            f"job/inspect/{job.pk}/",
            "backuprecord/",
            f"backuprecord/inspect/{backup.pk}/",
            "importrecord/",
            "mail/",
            "grant/",
        )
    }
    assert "Faire la vignette d’un document" in said["job/"] and "Faire la vignette" in said[f"job/inspect/{job.pk}/"]
    assert "6,8\u00a0Mo" in said["backuprecord/"]
    for address, words in said.items():
        shown = re.findall(r">\s*([^<>]+?)\s*<", words.partition("<main")[2])
        english = {"thumbnail", "Finished at", "Started at", "Any date", "Payload", "Label", "method", "Progress done"}
        assert not english & set(shown), address


def test_the_tool_is_not_named(town):
    """Neither at the foot of the menu, nor over the nameless root; no group that nothing uses."""
    admin = town.signed_in(town.admin)
    for address in (
        "/admin/",
        "/admin/pages/",
        "/admin/nulle/part/",
        "/admin/account/",
        "/admin/groups/",
        "/admin/users/",
    ):
        words = admin.get(address).content.decode()
        assert "Wagtail v" not in words, address
        assert "installation de Wagtail" not in words, address
        assert "spécifiques à Wagtail" not in words, address
        assert "Moderators" not in words and "Editors" not in words, address
    assert "Toutes les pages" in admin.get("/admin/pages/").content.decode()
    assert ">Root<" not in admin.get("/admin/pages/").content.decode()


def test_refusals_in_the_admin_are_ours(town, agent):
    missing = agent.get("/admin/pages/987654/edit/")
    assert missing.status_code == 404
    assert "Cette page n’existe pas" in missing.content.decode()
    assert "Revenir à l’écriture" in missing.content.decode()
    assert "Valmorin-sur-Drise" in missing.content.decode()


def test_a_register_answers_its_own_filters_and_no_other_question(town, agent):
    """A parameter that joins to a password or a reserved page would be an oracle, one letter at a time."""
    admin = town.signed_in(town.admin)

    def rows(question):
        return list(
            csv.DictReader(io.StringIO(admin.get(f"/admin/kb/grant/?export=csv{question}").getvalue().decode()))
        )

    everything = rows("")
    assert everything
    for question in (
        "&person__password__startswith=zzz",
        "&page__title__startswith=zzz",
        "&given_by__email=zzz",
        "&role__in=77",
        "&person__last_name__regex=^zzz",
        "&ended_at__year=1950",
    ):
        assert rows(question) == everything, question
    assert rows("&a=personne") == []
    assert 0 < len(rows(f"&role__exact={Role.MANAGER}")) < len(everything)


def test_a_sheet_is_in_the_words_and_the_hour_of_the_town(town):
    job = Job.objects.create(kind="thumbnail", state=JobState.FAILED, reason="-")
    Job.objects.filter(pk=job.pk).update(created_at=datetime(2026, 7, 14, 22, 30, 15, 999, tzinfo=UTC))
    text = town.signed_in(town.admin).get("/admin/kb/job/?export=csv").getvalue().decode()
    assert "15/07/2026 00:30" in text and "'-" not in text
