"""Wagtail's page screens, made into one deed = one transaction, and nobody overwritten in silence."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html
from modelcluster.models import get_all_child_relations
from wagtail.admin.filters import MultipleUserFilter
from wagtail.admin.views.pages.listing import EditedByFilter, GenericPageFilterSet
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, PageSubscription

from kb import typography
from kb.access.queries import known_people
from kb.comments.editing import WithRail
from kb.moderation.editing import EditsInCircuit, Submits
from kb.pages import revising, tree
from kb.pages.admin_conflicts import ConflictFirstCompared
from kb.pages.admin_counts import Unpublish
from kb.pages.admin_moves import Copy, MoveConfirm
from kb.pages.models import ArticlePage, PageModel
from kb.permissions import viewer_of

SAVED_BY_ANOTHER = "Quelqu’un d’autre a enregistré cette page. Enregistrez à la main pour comparer."
SAVED_ELSEWHERE = (
    "Vous avez enregistré cette page dans un autre onglet. Rechargez-la pour continuer ici ; "
    "ce que vous venez d’écrire dans celui-ci n’est pas enregistré : copiez-le d’abord."
)
Base: Any = object  # mixed into Wagtail's views, which are not typed


def in_one_transaction(view_class: type) -> type:
    """`view_class`, whose POST is all done or not at all."""

    class OneTransaction(view_class):
        def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method != "POST":
                return super().dispatch(request, *args, **kwargs)
            with transaction.atomic():
                tree.one_writer()  # before the view reads the page, its parent and their places
                return super().dispatch(request, *args, **kwargs)

    OneTransaction.__name__ = OneTransaction.__qualname__ = view_class.__name__
    OneTransaction.__doc__ = view_class.__doc__
    return OneTransaction


class NobodyOverwritten(Base):
    """Editing: a save made over somebody else's newer version is shown before it is written."""

    page: Any
    request: HttpRequest

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Wagtail, but a form loaded before another person's save comes back with a warning."""
        if self.locked_for_user and not self.expects_json_response and self.lock.get_message(request.user):
            messages.warning(request, self.lock.get_message(request.user), extra_tags="lock")  # why, as on the way in
        if not self.expects_json_response and self.is_out_of_date and self._by_another():
            return self._ask_before_overwriting(request)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def save_action(self) -> HttpResponse:
        """An old revision taken back is kept as it was."""
        if self.is_reverting:
            self._take_back()
        response: HttpResponse = super().save_action()
        return response

    def publish_action(self) -> HttpResponse:
        """As save_action."""
        if self.is_reverting:
            self._take_back()
        response: HttpResponse = super().publish_action()
        return response

    def _take_back(self) -> None:
        """What is restored from is kept for good, and what it carried may be carried again."""
        revising.keep(self.previous_revision, because="Une version en a été reprise.")
        self.page.taken_from = self.previous_revision

    def get_editing_sessions(self) -> Any:
        """Wagtail's, with the comparison before the overwriting."""
        made = super().get_editing_sessions()
        return ConflictFirstCompared(
            made.current_session,
            made.ping_url,
            made.release_url,
            made.sessions_list.sessions,
            made.revision_id,
            made.revision_created_at,
        )

    def _by_another(self) -> bool:
        return bool(self.latest_revision and self.latest_revision.user_id != self.request.user.pk)

    def _ask_before_overwriting(self, request: HttpRequest) -> HttpResponse:
        """The form again, with what was typed, and what was saved meanwhile. Nothing is written.

        The form now knows the newer version: saving once more is a choice, not an accident.
        """
        self.form = self.form_class(
            request.POST,
            request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=request.user,
        )
        self.has_unsaved_changes = True
        latest = self.latest_revision
        messages.error(
            request,
            format_html(
                "{} a enregistré une version de cette page à {}, pendant que vous écriviez. Rien de votre "
                "texte n’est perdu, et rien n’est encore enregistré. "
                '<a href="{}" target="_blank">Voir ce qui a changé</a>, puis enregistrez à nouveau '
                "pour passer par-dessus : les deux versions resteront dans l’historique.",
                latest.user or "Quelqu’un",
                typography.hour(latest.created_at),
                f"/p/{self.page.pk}/historique/",
            ),
        )
        self.form.is_valid()
        self.autosave_enabled = False  # it would pass over the other version by itself: only the person does
        response: HttpResponse = self.render_to_response(self.get_context_data())
        return response

    def json_error_response(self, code: str, message: str) -> JsonResponse:
        """Wagtail's, in the words of the person."""
        if code == "invalid_revision":
            message = SAVED_BY_ANOTHER if self._by_another() else SAVED_ELSEWHERE
        answer: JsonResponse = super().json_error_response(code, message)
        return answer


class ReadsOnce(Base):
    """Editing: what hangs on the page is asked of the database once, and what did not change is not written."""

    def get_object(self) -> Any:
        """Wagtail's. Form, checks and revision each read the attachments and comments of a page without a draft."""
        page = super().get_object()
        for relation in get_all_child_relations(type(page)):
            getattr(page, relation.get_accessor_name()).get_object_list()
        return page

    @property
    def subscription(self) -> PageSubscription:
        """Whether the person is told of comments: Wagtail writes it at each save."""
        return self._subscription

    @subscription.setter
    def subscription(self, row: PageSubscription) -> None:
        self._subscription, was, write = row, row.comment_notifications, row.save
        row.save = lambda: write() if row.comment_notifications != was else None


class EditView(EditsInCircuit, WithRail, NobodyOverwritten, ReadsOnce, in_one_transaction(PageViewSet.edit_view_class)):  # type: ignore[misc]
    """Editing a page."""


_Revert: Any = in_one_transaction(PageViewSet.revisions_revert_view_class)


class RevertView(EditsInCircuit, WithRail, NobodyOverwritten, ReadsOnce, _Revert):
    """Editing from an old revision."""


class AddView(Submits, in_one_transaction(PageViewSet.add_view_class)):  # type: ignore[misc]
    """Creating: from nothing, from a model of the town (`?modele=`), or with a title (`?titre=`)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, filled with the model's content."""
        model = request.GET.get("modele", "")
        if model.isdecimal():
            start_from(self.page, PageModel.objects.filter(pk=model).first())
        self.page.title = self.page.title or request.GET.get("titre", "")[:255]
        response: HttpResponse = super().get(request)
        return response


def start_from(page: Any, model: PageModel | None) -> None:
    """Fills an unsaved page from a model of the right type."""
    if model is None or model.page_type != page._meta.model_name:
        return
    page.summary = model.summary
    page.body = model.body
    if model.article_kind and isinstance(page, ArticlePage):
        page.kind = model.article_kind


def people_known(request: HttpRequest) -> Any:
    """The people that a list's filters may name."""
    return known_people(viewer_of(request))


class PageFilters(GenericPageFilterSet):
    """Wagtail's, whose lists of people name everybody who ever owned or edited any page."""

    owner = MultipleUserFilter(label="Auteur", queryset=people_known, widget=CheckboxSelectMultiple)
    edited_by = EditedByFilter(label="Modifiée par", queryset=people_known, widget=CheckboxSelectMultiple)


class Explorer(PageViewSet.index_view_class):
    """The explorer: below the nameless root stand the tops of what the person sees."""

    def get_base_queryset(self) -> Any:
        """Wagtail's, but at the root of somebody whose tree has several tops."""
        viewer = viewer_of(self.request)
        if viewer.passes or not self.parent_page.is_root() or self.is_searching or self.is_filtering:
            return super().get_base_queryset()
        return self.annotate_queryset(self.model._default_manager.filter(pk__in=[node.id for node in viewer.tops]))


class KnowledgePageViewSet(PageViewSet):
    """Every page type's screens."""

    model = Page
    index_view_class = Explorer
    filterset_class = PageFilters
    edit_view_class = EditView
    add_view_class = AddView
    revisions_revert_view_class = RevertView


for _name in (
    "convert_alias",
    "lock",
    "revisions_unschedule",
    "set_page_position",
    "set_privacy",
    "unlock",
    "delete",
):
    _attribute = f"{_name}_view_class"
    setattr(KnowledgePageViewSet, _attribute, in_one_transaction(getattr(PageViewSet, _attribute)))

KnowledgePageViewSet.unpublish_view_class = in_one_transaction(Unpublish)
KnowledgePageViewSet.copy_view_class = in_one_transaction(Copy)
KnowledgePageViewSet.move_confirm_view_class = in_one_transaction(MoveConfirm)

knowledge_page_viewset = KnowledgePageViewSet()
