"""The great project: the school's renovation, and the pages around it."""

from typing import Any

from kb.demo.when import When, long_day
from kb.demo.writing import Change, Sheet, callout, document, files, image, since, table, text, until


def phase(title: str, starts: int, ends: int, done: bool = False) -> dict[str, Any]:
    """A phase between two days counted from the loading."""
    return {"title": title, "starts": starts, "ends": ends, "done": done}


def line(label: str, amount: int, state: str) -> dict[str, Any]:
    """A line of funding."""
    return {"label": label, "amount": amount, "state": state}


def step(title: str, owner: str, due: int, done: bool = False) -> dict[str, Any]:
    """Something to do."""
    return {"title": title, "owner": owner, "due": due, "done": done}


def member(person: str, role: str) -> dict[str, Any]:
    """Somebody of the team."""
    return {"person": person, "role": role}


def _phases(current: int) -> list[dict[str, Any]]:
    dates = ((-380, -262), (-255, -110), (-95, 24), (115, 300), (310, 335))
    names = ("Étude", "Financement", "Consultation", "Travaux", "Réception")
    return [
        phase(name, starts, ends, done=place < current)
        for place, (name, (starts, ends)) in enumerate(zip(names, dates, strict=True))
    ]


def _funding(detr: str, region: str) -> list[dict[str, Any]]:
    return [
        line("État, DETR", 145_800, detr),
        line("Région, bâtiments publics", 97_200, region),
        line("Fonds vert", 72_900, region),
        line("Syndicat d’énergie", 24_300, "granted"),
        line("Commune, autofinancement", 145_800, "granted"),
    ]


def sheets(when: When) -> tuple[Sheet, ...]:
    """The project and its pages."""
    return (_project(when), *_below(when))


def _project(when: When) -> Sheet:
    sitting = long_day(when.sitting(0))
    first_steps = [
        step("Réunir la commission école", "sylvie", -300, True),
        step("Choisir un scénario", "patrick", -240),
    ]
    last_steps = [
        step("Attribuer le lot 2, menuiseries", "patrick", when.since_sitting(0, 0)),
        step("Écrire aux enseignantes", "emilie", -55, True),
        step("Demander l’acompte de la DETR", "sandrine", -14, True),
        step("Choisir l’entreprise du lot 3", "patrick", 40),
        step("Préparer le déménagement de deux classes", "emilie", 85),
    ]
    return Sheet(
        "ecole",
        "projets",
        "Rénovation énergétique de l'école des Tilleuls",
        "Isoler les quatre classes et le préau, remplacer la chaudière au fioul et rendre la cour à l'ombre, sans fermer l'école.",
        (
            Change(
                358,
                "patrick",
                "Page créée à la demande de la commission école",
                fields={"phases": _phases(0), "next_steps": first_steps},
            ),
            Change(285, "patrick", "Diagnostic reçu", papers=("diagnostic",), fields={"phases": _phases(1)}),
            Change(
                221,
                "sandrine",
                "Enveloppe et financeurs",
                papers=("plan-financement",),
                fields={
                    "state": "running",
                    "budget": 486_000,
                    "committed": 35_500,
                    "funding": _funding("asked", "asked"),
                },
            ),
            Change(
                138,
                "sandrine",
                "DETR accordée",
                papers=("arrete-detr",),
                fields={"funding": _funding("granted", "asked"), "phases": _phases(2)},
            ),
            Change(
                92,
                "patrick",
                "Lot 1 attribué, plans à jour",
                papers=("plans-ecole",),
                fields={"committed": 203_900, "funding": _funding("granted", "granted")},
            ),
            Change(
                19,
                "patrick",
                "Analyse des offres du lot 2",
                papers=("analyse-lot2",),
                fields={"committed": 212_400, "next_steps": last_steps},
            ),
        ),
        (
            text("""
                ## Pourquoi ce projet

                L'école des Tilleuls, construite en 1974, consomme à elle seule 31 % du chauffage communal. En février, deux classes n'ont pas dépassé 16 °C.
            """),
            since(
                2,
                text(
                    "Le [[Diagnostic énergétique de l'école|diagnostic énergétique]] chiffre à 58 % l'économie possible si l'on traite ensemble les murs, les fenêtres et la chaudière."
                ),
            ),
            since(
                3,
                text(
                    "Les travaux bruyants se feront pendant les vacances. Deux classes seront accueillies à la [[Salle des Aulnes]] ; le [[Plan d'accueil provisoire]] reste à écrire avec les enseignantes et le centre de loisirs."
                ),
            ),
            until(
                3,
                callout(
                    "info",
                    "Subventions demandées",
                    "Aucun lot ne peut être signé avant l'accusé de réception des dossiers complets.",
                ),
            ),
            since(
                4,
                callout(
                    "watch",
                    "Subvention à ne pas perdre",
                    f"L'arrêté de DETR impose de commencer les travaux avant le {when.day(590)}. L'ordre de service du lot 1 suffit comme preuve de démarrage.",
                ),
            ),
            text("""
                ## Ce qui est prévu

                - isolation des murs par l'extérieur, en fibre de bois ;
                - 62 fenêtres et 5 portes remplacées (lot 2) ;
                - chaudière à granulés, partagée avec la cantine ;
                - six tilleuls replantés et 240 m² de cour désimperméabilisés, voir [[Cour de l'école : ombre et sols]].

                Les [[Règles du chantier de l'école]] sont affichées à l'entrée.
            """),
            since(
                5,
                image(
                    "plan-ecole",
                    "Plan du rez-de-chaussée : quatre classes au nord, préau, cantine et chaufferie au sud, isolant sur tout le pourtour",
                    "Le rez-de-chaussée après travaux",
                ),
            ),
            since(
                3,
                table(
                    "Les lots",
                    "Lot | Intitulé | Estimation HT | État",
                    "1 | Isolation extérieure | 168 400 € | Attribué",
                    "2 | Menuiseries | 121 900 € | Au prochain conseil",
                    "3 | Chauffage à granulés | 98 700 € | Consultation",
                    "4 | Électricité, ventilation | 61 500 € | Consultation",
                    "– | Maîtrise d'œuvre et contrôles | 35 500 € | En cours",
                ),
            ),
            since(
                6,
                text(
                    f"## Prochaine décision\n\nLe conseil du {sitting} attribuera le lot 2. Le <<analyse-lot2|rapport d'analyse des offres>> sera joint à la convocation."
                ),
            ),
        ),
        model="ProjectPage",
        tags=("école", "énergie", "travaux"),
        fields={
            "state": "idea",
            "team": [
                member("patrick", "Porteur"),
                member("sylvie", "Élue référente"),
                member("sandrine", "Suivi financier"),
                member("emilie", "Lien avec l’école"),
            ],
        },
    )


def _below(when: When) -> tuple[Sheet, ...]:
    return (
        Sheet(
            "diagnostic-page",
            "ecole",
            "Diagnostic énergétique de l'école",
            "Ce que le bureau d'études a mesuré, et les trois scénarios.",
            (
                Change(288, "patrick", "Synthèse du rapport reçu"),
                Change(261, "patrick", "Gain du scénario 2 corrigé : 58 %"),
            ),
            (
                text(
                    "## Ce qui a été mesuré\n\nDix enregistreurs pendant trois semaines de février, une infiltrométrie et une visite des combles. Le bâtiment consomme 212 kWh par m² et par an."
                ),
                until(
                    1,
                    table(
                        "Trois scénarios",
                        "Scénario | Travaux | Gain | Coût HT",
                        "1 | Chaudière seule | 17 % | 102 000 €",
                        "2 | Murs, fenêtres, chaudière | 54 % | 486 000 €",
                        "3 | Scénario 2 et toiture solaire | 71 % | 612 000 €",
                        first_column=True,
                    ),
                ),
                since(
                    2,
                    table(
                        "Trois scénarios",
                        "Scénario | Travaux | Gain | Coût HT",
                        "1 | Chaudière seule | 17 % | 102 000 €",
                        "2 | Murs, fenêtres, chaudière | 58 % | 486 000 €",
                        "3 | Scénario 2 et toiture solaire | 71 % | 612 000 €",
                        first_column=True,
                    ),
                ),
                text(
                    "## Ce qu'on en retient\n\nLe scénario 2 respecte l'exigence de 40 % d'économie des financeurs. Les robinets à réglage par salle peuvent être posés sans attendre : voir [[Chauffage de l'école]]."
                ),
                document("diagnostic", "Le rapport complet", "Six pages, bureau d'études"),
            ),
            tags=("école", "énergie"),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "ecole-financement",
            "ecole",
            "Plan de financement de l'école",
            "Qui paie quoi : 70 % de subventions, toutes accordées.",
            (
                Change(220, "sandrine", "Première version, subventions demandées"),
                Change(135, "sandrine", "DETR accordée"),
                Change(15, "sandrine", "Région et fonds vert accordés : le plan est bouclé"),
            ),
            (
                text(
                    "L'opération coûte 486 000 € HT. La commune n'avance la TVA que deux ans, le temps que le fonds de compensation la rende."
                ),
                until(1, text("Toutes les subventions sont demandées. Aucune n'est acquise.")),
                table(
                    "Financeurs",
                    "Financeur | Montant | Part",
                    "État, DETR | 145 800 € | 30 %",
                    "Région | 97 200 € | 20 %",
                    "Fonds vert | 72 900 € | 15 %",
                    "Syndicat d'énergie | 24 300 € | 5 %",
                    "Commune | 145 800 € | 30 %",
                    "Total | 486 000 € | 100 %",
                ),
                since(
                    2,
                    text(
                        "L'arrêté de DETR est arrivé par la poste : <<arrete-detr|le lire>>. L'acompte de 43 740 € se demande avec l'ordre de service du lot 1, voir [[Demander une subvention]]."
                    ),
                ),
                since(
                    3,
                    callout(
                        "info",
                        "Le plan est bouclé",
                        "Les quatre financeurs ont répondu. La décision modificative inscrit les recettes.",
                    ),
                ),
                since(3, files("Les pièces", "plan-financement", "arrete-detr", "delib-financement")),
            ),
            tags=("école", "budget", "subvention"),
            fields={"kind": "note"},
        ),
        Sheet(
            "ecole-classes",
            "ecole",
            "Accueil des classes pendant les travaux",
            "Où iront les élèves, jour par jour. À valider avec les enseignantes.",
            (
                Change(48, "emilie", "Premier jet pour en parler à l'école", published=False),
                Change(6, "emilie", "Remarques des enseignantes", published=False),
            ),
            (
                text(
                    "## Ce qui est proposé\n\nLes classes 1 et 2 vont à la [[Salle des Aulnes]] dès le retour des prochaines vacances. Les deux autres restent à l'école, côté sud."
                ),
                since(
                    2,
                    table(
                        "Une journée type",
                        "Heure | Classes 1 et 2 | Classes 3 et 4",
                        "8 h 20 | Accueil à la salle des Aulnes | Accueil rue du Lavoir",
                        "11 h 45 | À pied vers la cantine | Cantine",
                        "16 h 30 | Sortie à l'école | Sortie à l'école",
                    ),
                ),
                callout(
                    "watch", "À trancher", "Qui accompagne le trajet de midi ? Il faut deux adultes pour 46 élèves."
                ),
                text(
                    "La <<note-enseignantes|note aux enseignantes>> date d'avant leurs remarques : elle est à refaire."
                ),
            ),
            tags=("école",),
            papers=("note-enseignantes",),
        ),
        Sheet(
            "ecole-commission",
            "ecole",
            f"Commission travaux du {when.day(-25)}",
            "Fibre de bois retenue, tenue au feu à écrire au marché.",
            (Change(24, "patrick", "Compte rendu envoyé à la commission"),),
            (
                text("""
                    ## Présents

                    Didier Fauresse, Sylvie Roussillon, Jean-Luc Peyrard, Olivier Tessonnier, Thierry Combe ; Patrick Brun.

                    ## Ce qui s'est dit

                    La commission préfère la fibre de bois pour l'isolation de la [[Rénovation énergétique de l'école des Tilleuls|rénovation de l'école]] ; le surcoût est de 4 %. M. Combe demande que la tenue au feu soit écrite au marché. Le mur de la [[Voirie du chemin des Lauzes]] sera vu sur place.

                    ## Qui fait quoi

                    - Patrick Brun écrit la clause de tenue au feu avant la fin du mois.
                    - Sylvie Roussillon réunit les enseignantes.
                """),
            ),
            papers=("commission-travaux",),
            tags=("école", "commission"),
            fields={"kind": "minutes"},
        ),
        Sheet(
            "ecole-chantier",
            "ecole",
            "Règles du chantier de l'école",
            "Horaires, bruit, accès, sécurité des enfants.",
            (
                Change(86, "patrick", "Tirées du marché du lot 1"),
                Change(33, "julien", "Livraisons interdites aux heures d'entrée"),
            ),
            (
                text(
                    "## Accès\n\nLe chantier entre par la rue du Lavoir, derrière une clôture pleine. Aucune entreprise ne traverse la cour."
                ),
                since(
                    2,
                    callout(
                        "blocking",
                        "Aucune livraison de 8 h à 9 h ni de 16 h à 17 h",
                        "L'agent présent refuse le camion et appelle Patrick Brun.",
                    ),
                ),
                text(
                    "## Bruit\n\nPerçages et démolitions : mercredi et vacances seulement. Le bruit est mesuré dans les classes occupées.\n\n## En cas d'incident\n\nAppeler l'[[Astreinte technique]], puis la directrice."
                ),
            ),
            tags=("école", "travaux", "sécurité"),
            fields={"kind": "procedure"},
        ),
    )
