"""What a council starts with: the model of its délibérations, and the items that come back each year. The town edits both.

The plan is a first draft for the town to correct: what the law asks by when, as dated rows with the article.
"""

from dataclasses import dataclass
from datetime import date

from council.agenda.enums import ItemKind

MODEL = {
    "name": "Délibération",
    "description": "Ce que le conseil vise, considère, puis décide.",
    "page_type": "agendaitempage",
    "summary": "",
}
MODEL_BODY = (
    "<p>Vu le code général des collectivités territoriales, notamment l’article L. 2121-29 ;</p><p>Vu …</p>",
    "<p>Considérant que …</p>",
    "<p>Après en avoir délibéré, le conseil municipal décide :</p><ol><li>de …</li>"
    "<li>d’autoriser le maire à signer tout document utile à l’exécution de la présente délibération.</li></ol>",
)


@dataclass(frozen=True)
class Planned:
    """A row of the first plan."""

    month: int
    title: str
    article: str
    matter: str
    concerns_money: bool = False
    item_kind: str = ItemKind.DELIBERATION
    from_inhabitants: int = 0
    since: date | None = None


PLAN = (
    Planned(2, "Débat d’orientation budgétaire", "Art. L2312-1 du CGCT, dans les dix semaines qui précèdent le budget", "7.1", True, from_inhabitants=3500),
    Planned(3, "Taux des impositions directes locales", "Art. 1639 A du CGI, avant le 15 avril", "7.2", True),
    Planned(3, "Compte financier unique", "Art. L1612-12 du CGCT, avant le 30 juin", "7.1", True, ItemKind.ACCOUNTS),
    Planned(3, "Affectation du résultat", "Art. L2311-5 du CGCT, avec le compte de l’année close", "7.1", True),
    Planned(3, "Budget primitif", "Art. L1612-2 du CGCT, avant le 15 avril", "7.1", True),
    Planned(4, "Subventions aux associations", "Art. L2311-7 du CGCT", "7.5", True),
    Planned(9, "Rapport d’activité de l’intercommunalité", "Art. L5211-39 du CGCT, transmis avant le 30 septembre", "5.7", item_kind=ItemKind.INFORMATION),
    Planned(9, "Rapport sur le prix et la qualité de l’eau et de l’assainissement", "Art. L2224-5 et D2224-1 du CGCT, avant le 30 septembre", "8.8"),
    Planned(9, "Rapport sur le service des déchets", "Art. L2224-17-1 du CGCT, avant le 30 septembre", "8.8"),
    Planned(12, "Tarifs municipaux de l’année à venir", "Art. L2121-29 du CGCT", "7.10", True),
    Planned(12, "Dépenses d’investissement avant le vote du budget", "Art. L1612-1 du CGCT, avant le 31 décembre", "7.1", True),
)  # fmt: skip
