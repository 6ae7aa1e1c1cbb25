"""Creating a page in the admin: from a name that nobody has written, from a model, and what the editor offers."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from wagtail.models import Workflow, WorkflowState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from kb.pages import operations as pages
from kb.pages.models import ArticlePage, PageModel

migration = import_module("kb.migrations.0007_town_and_models")
put_back, remove_what_nobody_reads, GROUPS = (
    migration.put_back, migration.remove_what_nobody_reads, migration.GROUPS,
)  # fmt: skip
ADD = "/admin/pages/add/kb/articlepage/{}/"


def filled(title, **fields):
    """The form of an article as the editor sends it, the address left empty."""
    return nested_form_data(
        {
            "title": title,
            "slug": "",
            "summary": "",
            "kind": "note",
            "children_shown": "list",
            "tags": "",
            "why": "",
            "body": streamfield([("paragraph", rich_text("<p>Texte</p>"))]),
            "attachments": inline_formset([]),
            "comments": inline_formset([]),
            **fields,
        }
    )


@pytest.mark.parametrize("action", ["action-publish", ""])
def test_a_page_to_create_is_created_in_one_go(town, publisher, action):
    data = filled("Règlement de la cour") | ({action: "1"} if action else {})
    answer = publisher.post(ADD.format(town.home.pk) + "?titre=Règlement de la cour", data)
    page = ArticlePage.objects.get(title="Règlement de la cour")
    assert (answer.status_code, page.slug, page.live) == (302, "reglement-de-la-cour", bool(action))


def test_the_address_drawn_is_free(town, publisher):
    town.page("Règlement")
    for title, slug in (("Règlement", "reglement-{}"), ("???", "page"), ("!!!", "page-{}")):
        publisher.post(ADD.format(town.home.pk), filled(title) | {"action-publish": "1"})
        made = ArticlePage.objects.order_by("-pk").first()
        assert made.slug == slug.format(made.pk)


def test_from_a_model_too(town, publisher):
    model = PageModel.objects.get(name="Procédure")
    form = publisher.get(ADD.format(town.home.pk), {"modele": model.pk}).context["form"]
    assert form.instance.body.raw_data[1]["type"] == "steps"
    publisher.post(f"{ADD.format(town.home.pk)}?modele={model.pk}", filled("Prêter la salle") | {"action-publish": "1"})
    assert ArticlePage.objects.get(title="Prêter la salle").live


def actions(answer):
    menu = answer.context["action_menu"]
    return [item.name for item in (menu.default_item, *menu.menu_items)]


def test_an_agent_saves_drafts(town, agent, publisher):
    page = town.page("Note", publish=False)
    editor = f"/admin/pages/{page.pk}/edit/"
    for address in (editor, ADD.format(town.home.pk)):
        assert actions(agent.get(address)) == ["action-submit", "action-save-draft"]
    assert actions(publisher.get(editor)) == ["action-save-draft", "action-publish", "action-submit"]


def test_what_wagtail_founds_and_nobody_reads_has_left(town):
    assert not Workflow.objects.filter(circuit=None).exists()
    assert not Group.objects.filter(name__in=GROUPS).exists()


def test_a_page_submitted_to_nobody_is_released(town, agent):
    """The migration, on a town already founded: back, a submission, forth."""
    put_back(apps, None)
    page = town.page("Note", publish=False)
    workflow = Workflow.objects.get(circuit=None)
    workflow.start(page, town.technical)
    remove_what_nobody_reads(apps, None)
    state = WorkflowState.objects.get()
    assert (state.status, Workflow.objects.get(circuit=None).active) == ("cancelled", False)
    assert list(state.task_states.values_list("status", flat=True)) == ["cancelled"]
    assert not Group.objects.filter(name__in=GROUPS).exists()
    page.refresh_from_db()
    assert actions(agent.get(f"/admin/pages/{page.pk}/edit/")) == ["action-submit", "action-save-draft"]


def test_a_group_with_members_stays(town):
    put_back(apps, None)
    town.elu.groups.add(Group.objects.get(name="Editors"))
    remove_what_nobody_reads(apps, None)
    assert list(Group.objects.filter(name__in=GROUPS).values_list("name", flat=True)) == ["Editors"]
    assert not Workflow.objects.filter(circuit=None).exists()


def test_no_review_circuit_is_set_in_the_admin(town):
    answer = town.signed_in(town.admin).get("/admin/workflows/add/", follow=True)
    assert answer.redirect_chain == [("/admin/", 302)]
    assert "se règlent sur le site" in str(next(iter(answer.context["messages"])))


@pytest.mark.parametrize(("name", "kind"), [("Procédure", "procedure"), ("Compte rendu de réunion", "minutes")])
def test_a_model_says_what_the_page_will_be(town, publisher, name, kind):
    model = PageModel.objects.get(name=name)
    form = publisher.get(ADD.format(town.home.pk), {"modele": model.pk}).context["form"]
    assert form["kind"].value() == kind


def test_the_models_of_a_town_already_founded_are_filled(town):
    PageModel.objects.update(article_kind="")
    PageModel.objects.create(name="Autre", page_type="articlepage")
    migration.say_what_models_start(apps, None)
    kinds = dict(PageModel.objects.values_list("name", "article_kind"))
    assert kinds == {"Procédure": "procedure", "Compte rendu de réunion": "minutes", "Fiche projet": "", "Autre": ""}


def test_over_somebody_elses_work_the_first_button_compares(town, publisher):
    page = town.page("Note")
    html = publisher.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    dialog = html.split('class="w-editing-sessions-dialog-buttons"')[1].split("</div>")[0]
    page.refresh_from_db()
    compare = f"/p/{page.pk}/historique/?avant={page.latest_revision_id}&amp;apres=derniere"
    assert html.count("w-editing-sessions-dialog-buttons") == 1
    assert dialog.index(f'<a class="button" href="{compare}"') < dialog.index('data-w-dialog-target="confirm"')
    assert 'class="button button-secondary no" type="button" data-action="w-dialog#confirm"' in dialog


def test_the_comparison_leads_to_the_newest(town, publisher):
    page = town.page("Note")
    first = page.get_latest_revision()
    newer = pages.save_draft(page=page.get_latest_revision_as_object(), author=town.technical)
    answer = publisher.get(f"/p/{page.pk}/historique/", {"avant": first.pk, "apres": "derniere"})
    assert answer.url == f"/p/{page.pk}/historique/{first.pk}/{newer.pk}/"
