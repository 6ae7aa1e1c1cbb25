"""KnowledgePage: what every page of the knowledge base has, and how it is saved.

Wagtail asks a page type for its rights, panels and screens: what answers stands above the models and knows them, so
that the methods here import it as they are called.
"""

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.models import Page, PagePermissionTester, Revision

from kb.pages.blocks import BodyBlock
from kb.pages.enums import ChildrenShown
from kb.pages.fields import BodyField
from kb.people.account import User


class PageTag(TaggedItemBase):
    """A tag on a page of any type."""

    content_object = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="tagged_items")


class KnowledgePageForm(WagtailAdminPageForm):
    """The editing form, with the reason of the change beside the content."""

    why = forms.CharField(
        label="Ce qui change",
        required=False,
        max_length=200,
        help_text="Une ligne, pour qui relira l’historique. Par exemple : « montants de l’avenant n° 2 ».",
    )

    announce = forms.BooleanField(
        label="Prévenir",
        required=False,
        help_text="À la publication, les personnes qui suivent cette page sont prévenues. Une correction reste muette.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "announce" in self.fields and self.instance.pk and self.instance.has_unpublished_changes:
            self.initial["announce"] = self.instance.revision_records.filter(
                revision=self.instance.latest_revision_id, announce=True
            ).exists()
        if "slug" in self.fields:
            # It stands in a tab that few open: the person who left it empty would not see what is missing.
            self.fields["slug"].required = False

    def is_valid(self) -> bool:
        """As Wagtail; what stops a comment of the rail, which has no place for errors, is said at the head."""
        valid: bool = super().is_valid()
        comments = self.formsets.get("comments")
        if not valid and comments is not None and not comments.is_valid():
            self.add_error(None, comments.sentence())
        return valid

    def clean_slug(self) -> str:
        """The slug, drawn from the title where none is given.

        It must not say, by being refused, that a hidden page beside this one has it: see kb.pages.slugs.
        """
        from kb.pages import slugs

        title = self.cleaned_data.get("title") or ""
        slug: str = self.cleaned_data.get("slug") or (slugs.drawn(title) if title else "")
        if self.instance.pk is None or slug == self.initial.get("slug"):
            return slug
        return slugs.wished(slug, page=self.instance, author=self.for_user)

    def save(self, commit: bool = True) -> Any:
        """The page, which keeps the reason until its revision is written."""
        page = super().save(commit=commit)
        page.why = self.cleaned_data.get("why") or ""
        page.announce = bool(self.cleaned_data.get("announce"))
        return page


class CopyWithoutAlias(CopyForm):
    """Copying without Wagtail's aliases: two pages that change together without saying so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)
        from kb.pages.admin_counts import count_copies

        count_copies(self.fields, self.page, self.user)

    def clean(self) -> dict[str, Any]:
        """Wagtail's, but a taken slug is no error: it would tell of a hidden page; see kb.pages.slugs."""
        slug = self.cleaned_data.get("new_slug")
        cleaned: dict[str, Any] = super().clean()
        if slug and "new_slug" not in cleaned:
            self._errors.pop("new_slug")
            cleaned["new_slug"] = slug
        return cleaned


class PeopleRowForm(WagtailAdminModelForm):
    """A row that names somebody: among the people whom the author may know, and who is named already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from kb.access.queries import known_people
        from kb.permissions import Viewer

        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and field.queryset and field.queryset.model is User:
                named = getattr(self.instance, f"{name}_id", None)
                known = known_people(Viewer(self.for_user)).values("pk")
                field.queryset = field.queryset.filter(models.Q(pk__in=known) | models.Q(pk=named))


class PeoplePanel(InlinePanel):
    """An inline panel whose rows name people."""

    def get_form_options(self) -> dict[str, Any]:
        """Wagtail's, with the form that knows who may be named."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name] |= {"form": PeopleRowForm, "inherit_kwargs": ["for_user"]}
        return options


ATTACHMENT_PANEL = InlinePanel(
    "attachments",
    [
        FieldPanel("document"),
        FieldRowPanel([FieldPanel("label"), FieldPanel("note")]),
        FieldPanel("pinned"),
        FieldPanel("version", widget=forms.HiddenInput),
    ],
    heading="Pièces jointes",
    label="Pièce jointe",
)


class Rights(PagePermissionTester):
    """What Wagtail's screens ask of one page, answered by kb.permissions."""

    def __init__(self, user: Any, page: Page) -> None:
        from kb import permissions

        super().__init__(user, page)
        self.rights = permissions.abilities(user, page)
        # What Wagtail's own methods look up, its destination tests included.
        named = {"add": "create_below", "change": "edit", "publish": "publish", "lock": "manage_access"}
        self.permissions = {action for action, right in named.items() if self.rights[right]}
        if "lock" in self.permissions:
            self.permissions.add("unlock")

    def can_edit(self) -> bool:
        """Whoever kb.permissions says."""
        return self.rights["edit"] and not self.page_is_root

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Whoever may put it in the trash, with our screen: Wagtail's sends there."""
        return self.rights["delete"]

    def can_publish(self) -> bool:
        """As Wagtail, but for a page that a deed of its own publishes."""
        return bool(super().can_publish()) and not getattr(self.page, "published_apart", "")

    def can_unpublish(self) -> bool:
        """As above."""
        return bool(super().can_unpublish()) and not getattr(self.page, "published_apart", "")

    def can_move(self) -> bool:
        """Its responsables."""
        return self.rights["move"] and not self.page_is_root

    def can_move_to(self, destination: Page) -> bool:
        """Wagtail's, which lets administrators go anywhere: never into the trash."""
        return self._is_there(destination) and bool(super().can_move_to(destination))

    def can_copy_to(self, destination: Page, recursive: bool = False) -> bool:
        """As can_move_to."""
        return self._is_there(destination) and bool(super().can_copy_to(destination, recursive))

    def _is_there(self, destination: Page) -> bool:
        from kb.permissions import Viewer

        return not Viewer(self.user).is_gone(destination)

    def can_set_view_restrictions(self) -> bool:
        """Nobody: « Accès » is the one place."""
        return False

    def can_view_revisions(self) -> bool:
        """Whoever edits; readers have the history of what was published."""
        return self.can_edit()


# What no form names: the database's own keys and constraints hold, no question is asked first for each of them.
SET_BY_WAGTAIL = frozenset(
    {"content_type", "locale", "translation_key", "path", "owner", "latest_revision", "live_revision", "alias_of"}
)


class EditorTabs(TabbedInterface):
    """The tabs of an editor. Their form is drawn up once for a page type; Wagtail does it at each request."""

    _form_class: type | None = None

    def get_form_class(self) -> Any:
        """The form's class: each form copies what it changes of it."""
        if self._form_class is None:
            self._form_class = super().get_form_class()
        return self._form_class


class KnowledgePage(Page):
    """A wiki page: a lede, a body of blocks, attached documents, tags."""

    summary = models.TextField(
        "résumé",
        blank=True,
        max_length=400,
        help_text="Deux lignes au plus : ce qu’il faut retenir si on ne lit rien d’autre.",
    )
    body = BodyField(BodyBlock(), blank=True, verbose_name="contenu")
    children_shown = models.CharField(
        "pages au-dessous", max_length=5, choices=ChildrenShown, default=ChildrenShown.LIST
    )
    tags = ClusterTaggableManager(through=PageTag, blank=True, verbose_name="mots-clés")

    base_form_class = KnowledgePageForm
    copy_form_class = CopyWithoutAlias
    is_creatable = False
    search_auto_update = False  # the search index is written by our own deeds, not by a task at each save
    why = ""
    announce: bool | None = None  # « Prévenir », kept with the revision: see RevisionRecord
    taken_from: Revision | None = None  # an old revision whose content is taken back: see kb.pages.carrying
    beside_draft = False  # what is written is the live page amended: the draft comes back on top at once

    lede_panels: ClassVar = [TitleFieldPanel("title"), FieldPanel("summary")]
    own_tab = ""  # the tab of what the page's type has of its own; without one, it stands under the résumé
    own_panels: ClassVar[list[Any]] = []
    own_template = ""  # of a type that stands on another floor: what its page is printed with
    published_apart: ClassVar[str] = ""  # why no screen publishes such a page: a deed of its own floor does
    own_circuit: ClassVar[str] = ""  # the circuit of such a page, registered by its floor (kb.moderation.registry)
    told_fields: ClassVar[tuple[str, ...]] = ()  # the type's own fields that histories, exports and the index read
    told_rows: ClassVar[dict[str, str]] = {}  # its own rows, and how they are called
    body_panels: ClassVar = [FieldPanel("body"), ATTACHMENT_PANEL, FieldPanel("why"), FieldPanel("announce")]
    setting_panels: ClassVar = [
        FieldPanel("slug"),
        FieldPanel("tags"),
        FieldPanel("children_shown"),
        FieldPanel("show_in_menus"),
        FieldPanel("go_live_at"),
        FieldPanel("expire_at"),
    ]

    class Meta:
        abstract = True

    @classmethod
    def get_edit_handler(cls) -> Any:
        """Tabs: what people read, what the type has of its own, and the settings few need."""
        if "_edit_handler" not in cls.__dict__:
            from kb.comments.panels import ElsewherePanel, RailPanel

            comments = [ElsewherePanel(heading="Commentaires sans place dans le texte"), RailPanel()]
            under_lede = [] if cls.own_tab else cls.own_panels
            tabs = EditorTabs(
                [
                    ObjectList([*cls.lede_panels, *under_lede, *cls.body_panels, *comments], heading="Contenu"),
                    *([ObjectList(cls.own_panels, heading=cls.own_tab)] if cls.own_tab else []),
                    ObjectList(cls.setting_panels, heading="Réglages"),
                ],
                base_form_class=cls.base_form_class,
            )
            cls._edit_handler = tabs.bind_to_model(cls)
        return cls._edit_handler

    def kind_label(self) -> str:
        """The kind as people call it."""
        return str(self._meta.verbose_name).capitalize()

    def get_workflow(self) -> Any:
        """Wagtail's, but for a page that a deed of its own floor publishes: its floor's circuit, or none."""
        if not self.published_apart:
            return super().get_workflow()
        from kb.moderation import circuits

        return circuits.own(self.own_circuit) if self.own_circuit else None

    @property
    def has_workflow(self) -> bool:
        """As above, asked three times at each display of an editor: once of the database."""
        if self.published_apart:
            return bool(self.own_circuit)
        if self.__dict__.get("_workflow_asked") != self.path:
            self._workflow_asked, self._has_workflow = self.path, bool(super().has_workflow)
        return self._has_workflow

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Wagtail's screens get the permanent address, which tells nothing; readers' pages ask the viewer."""
        parts = super().get_url_parts(request)
        return (parts[0], parts[1], f"/p/{self.pk}/") if parts else None

    def permissions_for_user(self, user: Any) -> Rights:
        """What Wagtail's screens ask of a page: ten times for one row of the explorer, so judged once per object."""
        asked = (user.pk, self.path, self.live)
        if self.__dict__.get("_rights_asked") != asked:
            self._rights_asked, self._rights = asked, Rights(user, self)
        return self._rights

    def full_clean(self, exclude: Collection[str] | None = None, *args: Any, **kwargs: Any) -> None:
        """Wagtail's, less what it has just set itself: eight questions to the database at each save."""
        super().full_clean({*(exclude or ()), *SET_BY_WAGTAIL}, *args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Wagtail's, one transaction already; a new page's slug then tells nothing of its siblings."""
        from kb.pages import slugs

        if self.pk is not None:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            super().save(*args, **kwargs)
            slugs.settle(self)

    def _update_descendant_url_paths(self, old_url_path: str, new_url_path: str) -> None:
        """Called by Wagtail's save when the slug has changed: as for a new page."""
        from kb.pages import slugs

        super()._update_descendant_url_paths(old_url_path, new_url_path)
        slugs.settle(self)

    @transaction.atomic
    def save_revision(
        self,
        user: User | None = None,
        overwrite_revision: Revision | None = None,
        moving: Collection[int] | None = None,
        **kwargs: Any,
    ) -> Revision:
        """Wagtail's, in one transaction with what a revision means here.

        Names are resolved into the content first (document versions, [[wiki links]]); a revision that
        must not change is left alone and a new one is written; then links and uses are recorded.
        `moving`: ids of the only documents that take their latest version; None for all of them.
        """
        from kb.pages import revising

        revising.resolve_names(self, author=user, moving=moving)
        if overwrite_revision and revising.is_protected(overwrite_revision):
            overwrite_revision = None
        revision: Revision = super().save_revision(user=user, overwrite_revision=overwrite_revision, **kwargs)
        revising.record_revision(self, revision, author=user, why=self.why, announce=self.announce)
        return revision

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The checked page view; Wagtail's own serving is not used."""
        from kb.pages.views import show_page

        return show_page(request, self.pk)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as its readers would see it, from what is being edited."""
        from kb.pages.views import preview_page

        return preview_page(request, self)
