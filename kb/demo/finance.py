"""The pages of the finance service, with the budget's tables and charts."""

from kb.demo import papers_town
from kb.demo.pictures import CASH
from kb.demo.when import When
from kb.demo.writing import Change, Part, Sheet, callout, document, faq, image, since, steps, table, text, until
from kb.typography import MONTHS, day, euros

SERVICE = "finances"
REVENUE, INVESTMENT = 2_310_000, 1_180_000


def sheets(when: When) -> tuple[Sheet, ...]:
    """The service, the budget, its procedures."""
    return (_service(when), *_budget(when), *_procedures(when))


def _chapters(when: When, behind: int) -> Part:
    rows = papers_town.spent(when, behind)
    lines = [
        f"{number} | {name} | {euros(voted)} | {euros(done)} | {round(100 * done / voted)} %"
        for number, name, voted, done in rows
    ]
    voted, done = sum(row[2] for row in rows), sum(row[3] for row in rows)
    total = f" | Total | {euros(voted)} | {euros(done)} | {round(100 * done / voted)} %"
    return table("Fonctionnement, par chapitre", "Chap. | Intitulé | Voté | Réalisé | Part", *lines, total)


def _spent_line(when: When) -> tuple[int, int]:
    rows = papers_town.spent(when)
    return sum(row[3] for row in rows), sum(row[2] for row in rows)


def _service(when: When) -> Sheet:
    done, voted = _spent_line(when)
    months = when.closed_month.month
    income, invested, cash = (
        round(REVENUE * 0.69 * months / 900) * 100,
        round(INVESTMENT * 0.35 * months / 900) * 100,
        CASH[months - 1] * 1000,
    )
    return Sheet(
        SERVICE,
        "services",
        "Finances",
        "Budget, factures, subventions, régies. Une agente et le 1er adjoint.",
        (
            Change(364, "sandrine", "Page du service"),
            Change(
                111,
                "sandrine",
                "Chiffres du trimestre",
                fields={
                    "indicators": [
                        {"label": "Factures en attente", "value": "31", "line": "dont 2 de plus de 20 jours"}
                    ]
                },
            ),
            Change(
                20,
                "sandrine",
                f"Chiffres au {day(when.closed_month)}",
                fields={
                    "indicators": [
                        {
                            "label": "Dépenses de fonctionnement",
                            "value": euros(done),
                            "line": f"sur {euros(voted)} votés, {round(100 * done / voted)} %",
                        },
                        {
                            "label": "Recettes de fonctionnement",
                            "value": euros(income),
                            "line": f"sur {euros(REVENUE)} votés, {round(100 * income / REVENUE)} %",
                        },
                        {
                            "label": "Investissement",
                            "value": euros(invested),
                            "line": f"sur {euros(INVESTMENT)} votés, {round(100 * invested / INVESTMENT)} %",
                        },
                        {
                            "label": "Trésorerie",
                            "value": euros(cash),
                            "line": f"soit {round(cash / voted * 365)} jours de dépenses",
                        },
                    ]
                },
            ),
        ),
        (
            text(
                "Une facture arrive par le portail, jamais par la poste. Avant de commander, suivez [[Engager une dépense]].\n\n## Ce qu'on cherche souvent\n\n- [[Budget par chapitre]]\n- [[Suivi de trésorerie]]\n- [[Demander une subvention]]\n- [[Payer une facture]]\n- [[Tarifs municipaux]]\n- [[Emprunts en cours]]"
            ),
        ),
        model="ServicePage",
        fields={"trade": "Budget", "contact": "Sandrine Coste, bureau 3, 04 65 71 20 22"},
    )


def _budget(when: When) -> tuple[Sheet, ...]:
    year = when.budget_year
    months = [
        f"{MONTHS[place]} | {euros(value * 1000)} | {'constaté' if place < when.closed_month.month else 'prévu'}"
        for place, value in enumerate(CASH)
    ]
    return (
        Sheet(
            "budget-chapitres",
            SERVICE,
            "Budget par chapitre",
            f"Le budget {year} au {day(when.closed_month)} : un chapitre va plus vite que prévu.",
            (
                Change(110, "sandrine", "Premier export", papers=("suivi-budget",)),
                Change(52, "sandrine", "Export mensuel"),
                Change(20, "sandrine", "Export mensuel, graphique", fields={}),
                Change(8, "sandrine", "Décision modificative en préparation", papers=("dm2",)),
            ),
            (
                until(1, _chapters(when, 3)),
                since(2, until(2, _chapters(when, 1))),
                since(
                    3,
                    callout(
                        "watch",
                        "Charges générales au-dessus du repère",
                        "Le gaz et l'électricité de l'école sont en cause. La décision modificative n° 2 relève le chapitre 011 de 38 000 €.",
                    ),
                ),
                since(
                    3,
                    image(
                        "chapitres",
                        "Barres par chapitre : les charges générales dépassent le repère du mois, les autres chapitres restent en dessous",
                        "Réalisé, rapporté au voté",
                    ),
                ),
                since(3, _chapters(when, 0)),
                since(
                    4,
                    text(
                        "Le projet de décision modificative passe au prochain conseil. Voir la [[Note de présentation des points]]."
                    ),
                ),
                text("Source : export du logiciel de comptabilité, nomenclature M57 abrégée."),
            ),
            tags=("budget",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "tresorerie",
            SERVICE,
            "Suivi de trésorerie",
            "Le solde à la fin de chaque mois, et le plancher à ne pas franchir.",
            (
                Change(108, "sandrine", "Tableau"),
                Change(50, "sandrine", "Mois constaté"),
                Change(20, "sandrine", "Mois constaté, graphique"),
            ),
            (
                since(
                    3,
                    image(
                        "tresorerie",
                        "Courbe de la trésorerie de janvier à décembre ; le plancher de 150 000 € n'est jamais atteint",
                        "En milliers d'euros",
                    ),
                ),
                table("Solde en fin de mois", "Mois | Solde | Nature", *months),
                text(
                    "Sous 150 000 €, on appelle le comptable public avant de payer une facture de plus de 10 000 €. Une ligne de trésorerie se demande un mois d'avance : voir [[Ligne de trésorerie]]."
                ),
            ),
            tags=("budget",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "investissement",
            SERVICE,
            "Budget d'investissement",
            f"Ce que la commune construit en {year} : 1 180 000 € votés.",
            (
                Change(163, "sandrine", "Après la décision modificative n° 1"),
                Change(90, "sandrine", "École, lot 1"),
                Change(49, "sandrine", "Éclairage et Lauzes"),
            ),
            (
                table(
                    "Les opérations",
                    "Opération | Voté | Engagé",
                    "École des Tilleuls | 486 000 € | 212 400 €",
                    "Chemin des Lauzes | 214 000 € | 174 800 €",
                    "Éclairage public | 161 000 € | 96 500 €",
                    "Salle des Aulnes, solde | 112 000 € | 108 300 €",
                    "Matériel et divers | 207 000 € | 63 100 €",
                ),
                since(2, text("Le lot 1 de l'école est signé : voir [[Plan de financement de l'école]].")),
                since(
                    3,
                    text(
                        "L'[[Éclairage public en LED]] et la [[Voirie du chemin des Lauzes]] avancent sans dépasser leur enveloppe."
                    ),
                ),
            ),
            tags=("budget", "investissement"),
        ),
    )


def _procedures(when: When) -> tuple[Sheet, ...]:
    return (
        Sheet(
            "engager",
            SERVICE,
            "Engager une dépense",
            "Aucune commande sans bon signé : qui signe, à partir de quel montant.",
            (
                Change(352, "sandrine", "Procédure écrite"),
                Change(260, "sandrine", "Trois devis à partir de 1 500 €"),
                Change(78, "claire", "Qui signe en l'absence de la maire"),
            ),
            (
                text("## Quand s'en servir\n\nPour toute commande, même de fournitures."),
                steps(
                    "Pas à pas",
                    ("Vérifier les crédits", "Dans [[Budget par chapitre]], ou en appelant Sandrine Coste."),
                    ("Demander les devis", "Un seul suffit sous 1 500 €."),
                    ("Remplir le bon de commande", "Avec le chapitre et le numéro de devis."),
                    ("Faire signer", "L'adjoint aux finances, ou la maire au-delà de 5 000 €."),
                    ("Commander", "Le numéro du bon figure sur la facture."),
                ),
                since(
                    2,
                    callout(
                        "info", "Trois devis", "À partir de 1 500 €, trois devis ou la preuve qu'on les a demandés."
                    ),
                ),
                since(
                    3, text("## En l'absence de la maire\n\nBernard Aubanel signe, dans la limite de sa délégation.")
                ),
            ),
            tags=("procédure", "budget"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "subvention",
            SERVICE,
            "Demander une subvention",
            "Le calendrier, le dossier, et l'erreur à ne pas faire.",
            (Change(318, "sandrine", "Procédure écrite"), Change(133, "sandrine", "Exemple de l'école")),
            (
                callout(
                    "blocking",
                    "Ne jamais commencer avant l'accusé de réception",
                    "Un bon de commande signé trop tôt fait perdre toute la subvention.",
                ),
                steps(
                    "Pas à pas",
                    ("Chiffrer", "Un devis récent par lot."),
                    ("Faire délibérer", "Le plan de financement est voté par le conseil."),
                    ("Déposer", "Tous les financeurs le même mois."),
                    ("Attendre l'accusé de réception", ""),
                    ("Demander l'acompte, puis le solde", "Avec les factures visées par le comptable."),
                ),
                since(
                    2,
                    text(
                        "## Un exemple\n\nLe dossier de l'école a demandé onze semaines : <<arrete-detr|l'arrêté>>, puis l'acompte."
                    ),
                ),
            ),
            tags=("procédure", "subvention"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "factures",
            SERVICE,
            "Payer une facture",
            "Trente jours, du portail au comptable.",
            (Change(350, "sandrine", "Procédure écrite"), Change(202, "martine", "Factures de la cantine")),
            (
                faq(
                    (
                        "Une facture arrive par courriel ?",
                        "Répondre avec l'adresse du portail et le numéro du service.",
                    ),
                    ("Le montant ne correspond pas au bon ?", "Suspendre le jour même, et dire pourquoi."),
                    ("Qui atteste le service fait ?", "L'agent qui a reçu la livraison, par écrit."),
                ),
                since(
                    2,
                    text(
                        "Les factures de la cantine se contrôlent avec les présences de la semaine : voir [[Régie de la cantine]]."
                    ),
                ),
            ),
            tags=("procédure",),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "regie",
            SERVICE,
            "Régie de la cantine",
            "Encaisser, verser, rendre compte.",
            (
                Change(200, "martine", "Procédure écrite"),
                Change(158, "martine", "Passation", papers=("tarifs-cantine",)),
                Change(94, "emilie", "Paiement en ligne"),
            ),
            (
                text("## Chaque semaine\n\nLe versement au comptable se fait le vendredi, dès 300 € en caisse."),
                since(
                    2,
                    text(
                        "## Passation\n\nLe fonds de caisse est compté à deux, devant Sandrine Coste. Le procès-verbal est signé le jour même."
                    ),
                ),
                since(3, text("Neuf familles sur dix paient en ligne. Le chèque reste admis, l'espèce jusqu'à 50 €.")),
            ),
            tags=("cantine", "régie"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "tarifs",
            SERVICE,
            "Tarifs municipaux",
            "Tout ce que la commune fait payer, et depuis quand.",
            (
                Change(157, "sandrine", "Tarifs votés", papers=("tarifs-cantine",)),
                Change(38, "laure", "Location de la salle des Aulnes"),
            ),
            (
                table(
                    "Tarifs",
                    "Objet | Tarif",
                    "Concession de cimetière, 30 ans | 320 €",
                    "Droit de place, le mètre | 0,90 €",
                    "Photocopie | 0,20 €",
                ),
                since(
                    2,
                    table(
                        "Salle des Aulnes",
                        "Durée | Habitant | Extérieur",
                        "Une journée | 120 € | 240 €",
                        "Un week-end | 210 € | 420 €",
                    ),
                ),
                text("La cantine et la garderie ont leur feuille : [[Inscriptions à la cantine]]."),
            ),
            tags=("tarifs",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "emprunts",
            SERVICE,
            "Emprunts en cours",
            "Quatre emprunts, 1 046 000 € à rembourser.",
            (Change(105, "sandrine", "État de la dette"),),
            (
                table(
                    "Les emprunts",
                    "Objet | Reste dû | Fin",
                    "École, 1re tranche | 212 000 € | dans 9 ans",
                    "Salle des Aulnes | 388 000 € | dans 14 ans",
                    "Voirie | 296 000 € | dans 11 ans",
                    "Gymnase | 150 000 € | dans 4 ans",
                ),
                document("suivi-budget", "Le suivi du budget"),
            ),
            tags=("budget",),
            fields={"kind": "sheet"},
        ),
    )
