"""The letter that carries six digits."""

from django.urls import reverse

from kb.buttons import tokens
from kb.buttons.models import SignInCode
from kb.notices.letters import Letter, Withheld, writes
from kb.notices.models import Mail


@writes("sign_in_code")
def sign_in_code(mail: Mail) -> Letter:
    """Six digits, while they are good."""
    code = SignInCode.objects.select_related("button__person").filter(pk=mail.data["code"]).first()
    if code is None or not code.works or not code.button.works:
        raise Withheld("Le code ne sert plus.")
    shown = tokens.printed_digits(code)
    return Letter(
        subject=f"{shown} : votre code pour entrer",
        kind="Code",
        title=shown,
        paragraphs=(
            "Tapez ces six chiffres sur la page qui vous les demande. Ils servent une fois, pendant 15 minutes.",
        ),
        button="Taper le code",
        path=reverse("enter_code"),
        why="Vous recevez ce courriel parce qu’un appareil demande à entrer avec votre bouton. Si ce n’est pas vous, "
        "ne donnez ce code à personne.",
    )
