"""« Je ne prends pas part à cette affaire » : say it, take it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from council.questions.views import item_of_member
from council.screens import back_to, done, form_screen
from council.withdrawals import operations
from council.withdrawals.forms import WithdrawalForm
from council.withdrawals.models import Ground
from kb.pages.views import signed_in
from kb.permissions import viewer_of

TITLE = "Je ne prends pas part à cette affaire"
LEDE = (
    "Vous lirez encore le point, sans pouvoir y écrire. À la séance, vous ne débattez pas et ne votez pas, et le pouvoir "
    "que vous portez ou donnez ne sert pas pour ce point."
)


@require_http_methods(["GET", "POST"])
@signed_in
def declare(request: HttpRequest, page_id: int) -> HttpResponse:
    """The ground, then the one gesture."""
    item = item_of_member(request, page_id)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ground, why, by = Ground(form.cleaned_data["ground"]), form.cleaned_data["why"], viewer_of(request).user
        if done(form, lambda: operations.declare(item=item, ground=ground, why=why, by=by)):
            messages.success(request, "C’est noté : vous ne prenez pas part à cette affaire.")
            return redirect("page", page_id=item.pk)
    return form_screen(request, form, title=TITLE, submit=TITLE, back=back_to(item), lede=LEDE)


@require_POST
@signed_in
def take_back(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Finalement, j’y prends part »."""
    item = item_of_member(request, page_id)
    try:
        operations.take_back(item=item, by=viewer_of(request).user)
    except operations.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "C’est noté : vous prenez part à cette affaire.")
    return redirect("page", page_id=item.pk)
