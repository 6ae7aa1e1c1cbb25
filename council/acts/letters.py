"""The mail that sends a draft of the procès-verbal to the members."""

from council.acts.models import MinutesState, ProcesVerbal
from council.agenda.models import SittingPage
from council.convening.queries import own
from kb import permissions
from kb.notices.letters import Letter, Withheld, writes
from kb.notices.models import Mail
from kb.typography import day


@writes("minutes", label="Procès-verbal à relire")
def minutes(mail: Mail) -> Letter:
    """Withheld once it is arrêté, and from who no longer reads the sitting."""
    sitting = SittingPage.objects.filter(pk=mail.page_id).select_related("instance").first()
    if sitting is None or not permissions.can_view(mail.to, sitting) or own(sitting, mail.to) is None:
        raise Withheld("La personne ne siège plus, ou ne peut plus lire la séance.")
    found = ProcesVerbal.objects.filter(sitting=sitting).defer("file").first()
    if found is None or found.state != MinutesState.SENT:
        raise Withheld("Le procès-verbal est arrêté.")
    on = day(sitting.starts_at)
    return Letter(
        subject=f"Procès-verbal à relire : séance du {on}",
        kind="Procès-verbal",
        title=f"{sitting.instance}, séance du {on}",
        paragraphs=(
            "Le projet de procès-verbal de cette séance est prêt. Il sera arrêté au début de la séance suivante : dites "
            "d’ici là au secrétariat ce qui serait à rectifier.",
        ),
        button="Lire le projet de procès-verbal",
        path=f"/p/{sitting.pk}/papiers/",
        why=f"Vous recevez ce courriel parce que vous siégez : {sitting.instance}.",
    )
