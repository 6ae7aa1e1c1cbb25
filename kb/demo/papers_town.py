"""The documents of the services and of the council."""

from typing import Any

from kb.demo import making
from kb.demo.paper import Deposit, Paper, libre, printed, sheets, word
from kb.demo.when import When, long_day
from kb.typography import euros

CHAPTERS = (
    ("011", "Charges générales", 612_000, 83), ("012", "Personnel", 1_064_000, 69.7),
    ("65", "Autres charges courantes", 268_000, 64.3), ("014", "Reversements", 74_000, 50),
    ("66", "Intérêts des emprunts", 46_000, 59.3), ("67, 68", "Charges spécifiques", 30_000, 0),
)  # fmt: skip


def spent(when: When, behind: int = 0) -> list[tuple[str, str, int, int]]:
    """Each chapter of running costs: number, name, voted, spent at the last closed month or `behind` it."""
    months = max(1, when.closed_month.month - behind)
    return [
        (number, name, voted, round(min(1.0, part / 100 * months / 9) * voted / 20) * 20)
        for number, name, voted, part in CHAPTERS
    ]


def follow_up(when: When, behind: int = 0) -> dict[str, Any]:
    """The budget's follow-up, as the accounting software gives it."""
    rows = [(number, name, voted, done, round(done / voted, 2)) for number, name, voted, done in spent(when, behind)]
    last = len(rows) + 1
    total = ("", "Total", f"=SUM(C2:C{last})", f"=SUM(D2:D{last})", "")
    cash = [("Mois", "Solde"), ("Janvier", 412_000), ("Février", 356_000), ("Mars", 298_000), ("Avril", 341_000)]
    return {"Fonctionnement": [("Chapitre", "Intitulé", "Voté", "Réalisé", "Part"), *rows, total], "Trésorerie": cash}


def tariffs(new: bool) -> str:
    """What a meal costs: the tariffs in force, and those that wait for the council."""
    rows = (
        [("jusqu’à 600 €", "1,00 €"), ("de 601 à 1 200 €", "3,50 €"), ("au-delà de 1 200 €", "4,20 €")]
        if new
        else [("jusqu’à 600 €", "2,40 €"), ("de 601 à 1 200 €", "3,60 €"), ("au-delà de 1 200 €", "4,20 €")]
    )
    table = making.rows_html([("Quotient familial", "Le repas"), *rows])
    care = making.rows_html(
        [("Accueil", "La demi-heure"), ("Matin, 7 h 30 à 8 h 30", "0,80 €"), ("Soir, 16 h 30 à 18 h 30", "0,90 €")]
    )
    return f"<h2>Cantine</h2>{table}\n===\n<h2>Garderie</h2>{care}<p>Le goûter est compris le soir.</p>"


CONVOCATION = """
Madame, Monsieur, cher collègue,

J'ai l'honneur de vous convoquer à la séance du conseil municipal qui se tiendra le **[jour, date]** à **[heure]**, salle du conseil, en mairie.

## Ordre du jour

1. Désignation du secrétaire de séance
1. Procès-verbal de la séance précédente
1. Décisions prises par délégation
1. [Points soumis au vote]
1. Questions orales

Si vous ne pouvez pas venir, vous pouvez donner pouvoir à un collègue, par écrit. Un conseiller ne porte qu'un seul pouvoir.

La maire, Hélène Marchetti
"""


def decision_model(second: bool) -> str:
    """The model of a decision."""
    more = (
        "\n\n## Voies de recours\n\nCet acte peut être contesté devant le tribunal administratif dans les deux mois."
        if second
        else ""
    )
    return f"""
Commune de Valmorin-sur-Drise. Délibération n° [année]-[numéro]

Séance du [date]. Présidence : Mme Hélène Marchetti. Conseillers en exercice : 19. Présents : [ ]. Pouvoirs : [ ].

## Objet

[Une ligne.]

## Exposé du rapporteur

[Pourquoi, combien, jusqu'à quand.]

## Décision

Le conseil municipal, après en avoir délibéré, par [ ] voix pour, [ ] voix contre et [ ] abstentions :

1. décide [ ] ;
1. autorise la maire à signer [ ].{more}
"""


RULES = """
## Article 1. Réunions

Le conseil se réunit le mardi à 18 h 30, au moins une fois par trimestre.

## Article 2. Convocation

Elle est adressée par voie électronique, ou par écrit au conseiller qui le demande, trois jours francs au moins avant la séance.

## Article 3. Questions orales

Elles sont déposées deux jours avant la séance. La maire y répond en fin de séance ; elles ne donnent pas lieu à un vote.
===
## Article 4. Débats

Chacun parle au plus cinq minutes par point. Le rapporteur conclut.

## Article 5. Expression des groupes

Chaque groupe dispose d'une demi-page dans le bulletin municipal. Les textes sont remis quinze jours avant l'impression.
"""


def minutes(place: int, present: int, points: str) -> Any:
    """The minutes of a sitting."""

    def source(when: When) -> str:
        return f"""
Séance du {long_day(when.sitting(place))}, ouverte à 18 h 32 par Mme Hélène Marchetti, maire. Conseillers en exercice : 19. Présents : {present}. Le quorum de 10 est atteint.

{points}

L'ordre du jour étant épuisé, la séance est levée à 20 h 40.
"""

    return source


MINUTES_LAST = """
## 1. Secrétaire de séance

Mme Lucie Charbonnel est désignée.

## 2. Procès-verbal de la séance précédente

Il est arrêté sans observation.

## 3. Chemin des Lauzes : avenant pour le mur

M. Jean-Luc Peyrard expose que le mur de soutènement s'est fissuré et que le tronçon 2 ne peut pas être repris avant sa consolidation. M. Thierry Combe demande pourquoi le mur n'a pas été sondé avant le marché. M. Peyrard répond que le sondage n'avait porté que sur la chaussée.

Adopté par 15 voix pour et 4 abstentions.

## 4. Éclairage public : deuxième tranche

Adopté à l'unanimité.
"""
MINUTES_BEFORE = """
## 1. Secrétaire de séance

M. Karim Saïdi est désigné.

## 2. Vidéoprotection de la place du Marché

Mme Marchetti propose de renoncer au projet, faute de subvention, et de renforcer l'éclairage. M. Michel Bressac le regrette.

Adopté par 14 voix pour, 4 voix contre et 1 abstention.

## 3. Subventions aux associations

Adopté à l'unanimité, M. Philippe Morand ne prenant pas part au vote.
"""


def leisure_agreement(second: bool) -> str:
    """The agreement with the leisure centre: the new version adds the Wednesdays."""
    days = "les mercredis et les vacances" if second else "les vacances"
    price = euros(21_400) if second else euros(14_800)
    return f"""
Entre la commune de Valmorin-sur-Drise et l'association Les Aulnes, il est convenu ce qui suit.

## Article 1. Objet

L'association accueille les enfants de 3 à 11 ans pendant {days}, dans les locaux de la salle des Aulnes.

## Article 2. Participation

La commune verse {price} par an, en deux fois, sur présentation du bilan.

## Article 3. Durée

Un an, renouvelable deux fois.
"""


def roads(later: bool) -> dict[str, Any]:
    """The state of the roads."""
    rows = [
        (
            "Chemin des Lauzes",
            1460,
            "Tronçon 1 repris, mur à consolider" if later else "À reprendre",
            4 if later else 5,
        ),
        ("Rue du Lavoir", 420, "Bon", 1),
        ("Rue du Moulin", 610, "Fissures fines", 2),
        ("Chemin de Combe-Noire", 2150, "Nids-de-poule", 4),
        ("Place du Marché", 180, "Bon", 1),
        ("Route des Aires", 1240, "Accotements à reprendre", 3),
        ("Impasse du Four", 95, "Bon", 1),
    ]
    return {"Voies": [("Voie", "Longueur (m)", "État", "Note sur 5"), *rows]}


def duty(when: When) -> dict[str, Any]:
    """Who is on call, week by week."""
    people = ("Patrick Brun", "Julien Arnal")
    rows = [(long_day(when.on(7 * week + 4)), people[week % 2], "04 65 71 20 44") for week in range(-2, 10)]
    return {"Astreintes": [("Semaine qui commence le", "Agent", "Téléphone"), *rows]}


LIGHTING = [
    ("Tranche", "Points", "Marché HT", "Payé"), ("1. Bourg", 168, 84_200, 84_200), ("2. Hameaux", 144, 76_800, 12_300),
    ("Total", "=SUM(B2:B3)", "=SUM(C2:C3)", "=SUM(D2:D3)"),
]  # fmt: skip

WALL = """
## Consolidation du mur de soutènement, chemin des Lauzes

Longueur concernée : 38 m. Trois solutions ont été étudiées sur place.

- Clouage et drainage : 46 200 € HT, cinq semaines.
- Reconstruction en gabions : 61 900 € HT, sept semaines.
- Reprise en sous-œuvre : 83 500 € HT, onze semaines.

Nous conseillons le clouage, à condition que l'eau du fossé amont soit détournée avant l'hiver.
"""

HEATING = """
## Objet

Entretien et dépannage des chaudières de la mairie, de l'école des Tilleuls, de la salle des Aulnes et du gymnase.

## Engagements

- Une visite avant la chauffe et une visite en janvier.
- Intervention sous quatre heures d'octobre à avril, sous deux jours le reste de l'année.
- Température garantie : 19 °C dans les classes de 8 h à 17 h.

## Prix

9 860 € TTC par an, pièces comprises jusqu'à 300 €.
"""

SNOW = """
## Ordre de passage

1. Rue du Lavoir, école, cantine
1. Route des Aires jusqu'au carrefour
1. Place du Marché, mairie, cabinet médical
1. Chemin des Lauzes, tronçon 1
1. Combe-Noire, avant 9 h

## Seuil de départ

À partir de 5 cm, ou de gel annoncé par l'astreinte. Le sel n'est mis que dans les pentes et devant l'école.
"""

CANTEEN_FORM = """
## Enfant

Nom, prénom : ………………………… Classe : …………

## Jours de cantine

Lundi ☐ Mardi ☐ Jeudi ☐ Vendredi ☐

## Repas

Sans viande ☐ Sans porc ☐ Panier repas (PAI) ☐

## Parent responsable

Nom, téléphone : …………………………

Signature :
"""

CARE_RULES = """
## Inscription

Toute absence signalée la veille avant 10 h n'est pas facturée.

## Retards

Un retard après 18 h 30 est appelé au téléphone. Au troisième, la famille est reçue en mairie.

## Santé

Aucun médicament n'est donné sans projet d'accueil individualisé signé.
"""

LAND = """
## Parcelle des Aires

Surface de 8 640 m², en zone à urbaniser, desservie par la route des Aires. Deux propriétaires indivis.

## Estimation

Entre 31 et 36 € le m² selon l'accès retenu, soit de 267 840 à 311 040 €. L'estimation vaut dix-huit mois.
"""

RECEPTION = """
## Toiture de la salle des Aulnes

Réception prononcée sans réserve. Les ouvrages sont conformes au marché : 410 m² de couverture en ardoise, isolation de 300 mm, deux sorties de secours reprises.

## Garanties

Parfait achèvement : un an. Décennale : dix ans. Les notices sont classées aux services techniques.
"""

AMENDMENT = """
## Pourquoi

Le gaz et l'électricité de l'école dépassent la prévision, et la subvention DETR a été versée en avance.

## Ce qui change

- Chapitre 011 : + 38 000 €
- Chapitre 67, 68 : − 12 000 €
- Recettes, chapitre 13 : + 43 740 €
- Chapitre 23 : + 17 740 €

La décision est équilibrée en dépenses et en recettes.
"""

BULLETIN = """
## À la une : l'école se refait une santé

Les entreprises sont presque toutes choisies. Aux prochaines vacances, l'échafaudage montera sur la façade nord. Les classes 1 et 2 iront à la salle des Aulnes.
===
## Chemin des Lauzes : un mur retarde les travaux

Le tronçon 1 est ouvert. Le mur du tronçon 2 doit être consolidé d'abord ; un passage piéton est maintenu.

## La mairie vous reçoit

Du lundi au vendredi de 8 h 30 à 12 h, et le mercredi jusqu'à 18 h.
"""

CHARTER = """
## Le ton

Des phrases courtes, au présent. On écrit « la mairie », jamais « nos services ». Les heures s'écrivent 18 h 30, les montants 486 000 €.

## Les photos

Aucun visage d'enfant sans accord écrit. Les lieux plutôt que les gens.

## Le nom

Valmorin-sur-Drise, avec ses traits d'union, jamais « Valmorin s/ Drise ».
"""

CLUBS = [
    ("Association", "Objet", "Adhérents", "Subvention"), ("Les Aulnes", "Centre de loisirs", 84, 14_800),
    ("Drise en chœur", "Chorale", 31, 450), ("Foulée des Lauzes", "Course à pied", 57, 600),
    ("Le Four commun", "Patrimoine", 22, 300), ("Boule de la place", "Pétanque", 40, 350),
]  # fmt: skip

TOWN_PAPERS = (
    Paper("tarifs-cantine", "Tarifs de la cantine et de la garderie", "tarifs-cantine-garderie.pdf", (
        Deposit(162, "martine", printed("Tarifs de la cantine et de la garderie", tariffs(False)), "Tarifs votés"),
        Deposit(4, "emilie", printed("Tarifs de la cantine et de la garderie", tariffs(True)), "Projet soumis au prochain conseil"),
    )),
    Paper("suivi-budget", "Suivi du budget par chapitre", "suivi-budget.xlsx", (
        Deposit(112, "sandrine", sheets(lambda when: follow_up(when, 3)), "Export du logiciel de comptabilité"),
        Deposit(53, "sandrine", sheets(lambda when: follow_up(when, 1)), "Export mensuel"),
        Deposit(21, "sandrine", sheets(follow_up), "Export mensuel"),
    )),
    Paper("dm2", "Décision modificative n° 2", "decision-modificative-2.pdf", (
        Deposit(11, "sandrine", printed("Décision modificative n° 2", AMENDMENT), "Projet pour le conseil"),
    )),
    Paper("convocation", "Modèle de convocation", "modele-convocation.docx", (
        Deposit(338, "claire", word("Convocation du conseil municipal", CONVOCATION), ""),
    )),
    Paper("modele-deliberation", "Modèle de délibération", "modele-deliberation.odt", (
        Deposit(338, "claire", libre("Délibération", decision_model(False)), ""),
        Deposit(104, "claire", libre("Délibération", decision_model(True)), "Voies de recours ajoutées"),
    )),
    Paper("reglement-interieur", "Règlement intérieur du conseil", "reglement-interieur-conseil.pdf", (
        Deposit(330, "claire", printed("Règlement intérieur du conseil municipal", RULES), ""),
    )),
    Paper("pv-dernier", "Procès-verbal de la dernière séance", "proces-verbal-derniere-seance.pdf", (
        Deposit(10, "claire", printed("Procès-verbal du conseil municipal", minutes(-1, 16, MINUTES_LAST)), "À arrêter à la prochaine séance"),
    )),
    Paper("pv-avant", "Procès-verbal de l’avant-dernière séance", "proces-verbal-avant-derniere-seance.pdf", (
        Deposit(60, "claire", printed("Procès-verbal du conseil municipal", minutes(-2, 15, MINUTES_BEFORE)), ""),
    )),
    Paper("convention-aulnes", "Convention avec le centre de loisirs Les Aulnes", "convention-centre-de-loisirs.docx", (
        Deposit(142, "emilie", word("Convention avec l’association Les Aulnes", leisure_agreement(False)), "Texte signé"),
        Deposit(13, "emilie", word("Convention avec l’association Les Aulnes", leisure_agreement(True)), "Mercredis ajoutés, projet"),
    )),
    Paper("inventaire-voirie", "Inventaire de la voirie", "inventaire-voirie.xlsx", (
        Deposit(215, "julien", sheets(lambda when: roads(False)), "Première tournée de l’année"),
        Deposit(46, "julien", sheets(lambda when: roads(True)), "Tronçon 1 repris"),
    )),
    Paper("devis-mur", "Étude du mur de soutènement", "etude-mur-lauzes.pdf", (
        Deposit(62, "patrick", printed("Étude du mur de soutènement", WALL), ""),
    )),
    Paper("astreintes", "Tableau des astreintes", "astreintes.xlsx", (Deposit(18, "patrick", sheets(duty), ""),)),
    Paper("contrat-chauffage", "Contrat de chauffage des bâtiments", "contrat-chauffage.pdf", (
        Deposit(312, "patrick", printed("Contrat d’entretien du chauffage", HEATING), ""),
    )),
    Paper("plan-neige", "Plan de déneigement", "plan-deneigement.odt", (Deposit(340, "patrick", libre("Plan de déneigement", SNOW), ""),)),
    Paper("fiche-cantine", "Fiche d’inscription à la cantine", "fiche-inscription-cantine.docx", (
        Deposit(176, "martine", word("Inscription à la cantine", CANTEEN_FORM), ""),
    )),
    Paper("reglement-periscolaire", "Règlement du périscolaire", "reglement-periscolaire.odt", (
        Deposit(176, "martine", libre("Règlement du périscolaire", CARE_RULES), ""),
    )),
    Paper("estimation-aires", "Estimation de la parcelle des Aires", "estimation-parcelle-aires.pdf", (
        Deposit(252, "yann", printed("Estimation de la parcelle des Aires", LAND), ""),
    )),
    Paper("reception-aulnes", "Procès-verbal de réception, salle des Aulnes", "reception-salle-des-aulnes.pdf", (
        Deposit(88, "patrick", printed("Procès-verbal de réception", RECEPTION), ""),
    )),
    Paper("marche-eclairage", "Marché d’éclairage public", "marche-eclairage.xlsx", (
        Deposit(134, "sandrine", sheets(lambda when: {"Marché": LIGHTING}), ""),
    )),
    Paper("maquette-bulletin", "Maquette du bulletin municipal", "bulletin-maquette.pdf", (
        Deposit(12, "ines", printed("Valmorin, le bulletin", BULLETIN), "Deux pages sur huit"),
    )),
    Paper("charte", "Charte d’écriture de la commune", "charte-ecriture.docx", (
        Deposit(296, "ines", word("Charte d’écriture", CHARTER), ""),
    )),
    Paper("associations", "Liste des associations", "associations.xlsx", (
        Deposit(36, "laure", sheets(lambda when: {"Associations": CLUBS}), ""),
    )),
)  # fmt: skip
