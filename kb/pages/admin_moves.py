"""Moving and copying in the admin: who gains and who loses is shown before anything moves."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from kb.access import audience
from kb.pages.copying import copy_page
from kb.people.account import User


class MoveConfirm(PageViewSet.move_confirm_view_class):
    """The last step of a move, with the change of audience."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `change`."""
        before = audience.audience_on(self.page_to_move)
        after = audience.audience_under(self.page_to_move, self.destination)
        return super().get_context_data(change=audience.change_between(before, after), **kwargs)


class Copy(PageViewSet.copy_view_class):
    """Copying. Where the copy would be read by others than the page is, they are named first."""

    page: Page
    parent_page: Page
    next_url: str
    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """The copy, or first who would read it."""
        to = form.cleaned_data["new_parent_page"] or self.parent_page
        change = self._widening(to)
        if change.widens and not self.request.POST.get("confirmed"):
            return self.render_to_response(self.get_context_data(form=form, change=change))
        try:
            copied = copy_page(
                page=self.page,
                to=to,
                title=form.cleaned_data["new_title"],
                slug=form.cleaned_data["new_slug"],
                author=cast(User, self.request.user),
                with_below=bool(form.cleaned_data.get("copy_subpages")),
                keep_live=self._may_publish(to) and bool(form.cleaned_data.get("publish_copies")),
            )
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
            return self.form_invalid(form)
        edit = messages.button(reverse("wagtailadmin_pages:edit", args=(copied.page.pk,)), "Modifier")
        messages.success(self.request, f"« {self.page.title} » est copiée.", buttons=[edit])
        if copied.left_out:
            names = ", ".join(f"« {title} »" for title in copied.left_out)
            messages.warning(self.request, f"Laissé de côté, en accès réservé : {names}. Ses responsables la copient.")
        return redirect(self.next_url or reverse("wagtailadmin_explore", args=(to.pk,)))

    def _widening(self, to: Page) -> audience.Change:
        """Who would read the copy and does not read the page."""
        change = audience.change_between(audience.audience_on(self.page), audience.audience_under(self._place(), to))
        return audience.Change(gained=change.gained, opens=change.opens)

    def _place(self) -> Page:
        """What the copy's rights are judged by: the reserved page, whose rights go with it, or a page without any."""
        return self.page if hasattr(self.page, "boundary") else Page()

    def _may_publish(self, to: Page) -> bool:
        return bool(to.permissions_for_user(self.request.user).can_publish_subpage())
