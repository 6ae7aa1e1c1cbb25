"""The pages of communication, school, planning and the front desk."""

from kb.demo.when import When
from kb.demo.writing import Change, Sheet, callout, faq, since, steps, table, text, until


def sheets(when: When) -> tuple[Sheet, ...]:
    """Four services and their pages."""
    return (*_school(when), *_planning(when), *_communication(when), *_desk(when))


def _school(when: When) -> tuple[Sheet, ...]:
    service = "enfance"
    return (
        Sheet(
            service,
            "services",
            "École et enfance",
            "L'école des Tilleuls, la cantine, la garderie, le centre de loisirs.",
            (
                Change(364, "martine", "Page du service"),
                Change(
                    186,
                    "emilie",
                    "Nouvelle coordinatrice",
                    fields={"contact": "Émilie Jourdan, bureau 5, 04 65 71 20 31"},
                ),
                Change(
                    30,
                    "emilie",
                    "Chiffres du trimestre",
                    fields={
                        "indicators": [
                            {"label": "Élèves", "value": "94", "line": "en quatre classes"},
                            {"label": "Repas par jour", "value": "71", "line": "dont 9 sans viande"},
                            {"label": "Garderie du soir", "value": "28", "line": "enfants en moyenne"},
                        ]
                    },
                ),
            ),
            (
                text(
                    "Les familles appellent d'abord l'accueil. Les questions de santé sont traitées par la coordinatrice seule.\n\n## Ce qu'on cherche souvent\n\n- [[Inscriptions à la cantine]]\n- [[Projet d'accueil individualisé]]\n- [[Règlement du périscolaire]]\n- [[Effectifs de l'école]]\n- [[Centre de loisirs Les Aulnes]]\n- [[Régie de la cantine]]"
                ),
            ),
            model="ServicePage",
            fields={"trade": "École et enfance", "contact": "Martine Rey, bureau 5, 04 65 71 20 31"},
        ),
        Sheet(
            "cantine",
            service,
            "Inscriptions à la cantine",
            "Qui s'inscrit, comment, à quel prix.",
            (
                Change(161, "martine", "Tarifs votés par le conseil", papers=("tarifs-cantine", "fiche-cantine")),
                Change(96, "emilie", "Nouvelle interlocutrice"),
                Change(3, "emilie", "Repas à 1 €, inscription en ligne", published=False),
            ),
            (
                text(
                    "## Qui peut s'inscrire ?\n\nTous les enfants scolarisés à l'école des Tilleuls, de la petite section au CM2."
                ),
                until(
                    2,
                    text(
                        "L'inscription se fait en mairie, avant le 25 du mois précédent. Une absence signalée 48 heures avant n'est pas facturée.\n\nLe menu est affiché à l'école le vendredi."
                    ),
                ),
                since(
                    3,
                    text(
                        "L'inscription se fait en ligne ou en mairie, au plus tard le jeudi à 18 h 30 pour la semaine suivante. Une absence signalée la veille avant 10 h n'est pas facturée.\n\nLe menu est affiché à l'école le vendredi. **Un menu sans viande est proposé chaque jour.**"
                    ),
                ),
                until(
                    2,
                    table(
                        "Le prix d'un repas",
                        "Quotient familial | Le repas",
                        "jusqu'à 600 € | 2,40 €",
                        "de 601 à 1 200 € | 3,60 €",
                        "au-delà de 1 200 € | 4,20 €",
                    ),
                ),
                since(
                    3,
                    table(
                        "Le prix d'un repas",
                        "Quotient familial | Le repas",
                        "jusqu'à 600 € | 1,00 €",
                        "de 601 à 1 200 € | 3,50 €",
                        "au-delà de 1 200 € | 4,20 €",
                    ),
                ),
                until(1, text("Renseignements : Martine Rey, en mairie, du lundi au vendredi de 8 h 30 à 12 h.")),
                since(2, text("Renseignements : Émilie Jourdan, en mairie, du lundi au vendredi de 8 h 30 à 12 h.")),
            ),
            tags=("cantine", "école"),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "periscolaire",
            service,
            "Règlement du périscolaire",
            "Garderie du matin et du soir, retards, santé.",
            (
                Change(174, "martine", "Règlement en vigueur", papers=("reglement-periscolaire",)),
                Change(97, "emilie", "Retards après 18 h 30"),
            ),
            (
                text("La garderie ouvre à 7 h 30 et ferme à 18 h 30. Le goûter est compris le soir."),
                since(
                    2,
                    callout(
                        "info",
                        "Un retard se signale au téléphone",
                        "Au troisième, la famille est reçue en mairie. Personne n'est exclu sans rendez-vous.",
                    ),
                ),
                text("Les médicaments demandent un [[Projet d'accueil individualisé]]."),
            ),
            tags=("école", "garderie"),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "pai",
            service,
            "Projet d'accueil individualisé",
            "Allergie, asthme, diabète : ce que fait la mairie.",
            (
                Change(170, "martine", "Procédure écrite"),
                Change(91, "emilie", "Trousse à la cantine"),
            ),
            (
                steps(
                    "Pas à pas",
                    ("Recevoir la famille", "Sans témoin, avec le médecin scolaire si elle le souhaite."),
                    ("Faire signer le projet", "Famille, médecin, directrice, mairie."),
                    ("Former les agents de la cantine", "Une fois par an."),
                    ("Revoir chaque rentrée", ""),
                ),
                since(
                    2,
                    text(
                        "La trousse est dans l'armoire fermée de la cantine, jamais dans un cartable. Deux agents ont la clé."
                    ),
                ),
            ),
            tags=("école", "santé"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "effectifs",
            service,
            "Effectifs de l'école",
            f"Prévisions pour la rentrée {when.school_start}.",
            (Change(106, "emilie", "Première prévision"), Change(27, "emilie", "Après les inscriptions")),
            (
                until(
                    1,
                    table(
                        "Prévision",
                        "Niveau | Cette année | Prévu",
                        "Maternelle | 33 | 30",
                        "CP et CE1 | 24 | 25",
                        "CE2 à CM2 | 37 | 35",
                    ),
                ),
                since(
                    2,
                    table(
                        "Prévision",
                        "Niveau | Cette année | Prévu",
                        "Maternelle | 33 | 32",
                        "CP et CE1 | 24 | 25",
                        "CE2 à CM2 | 37 | 36",
                    ),
                ),
                text(
                    "Sous 88 élèves, une classe est menacée. Le [[Lotissement des Aires]] devait apporter une douzaine d'enfants."
                ),
            ),
            tags=("école",),
        ),
        Sheet(
            "conseil-ecole",
            service,
            f"Conseil d'école de {when.month(-70)}",
            "Travaux, cour, cantine.",
            (Change(69, "emilie", "Compte rendu"),),
            (
                text(
                    "## Présents\n\nSylvie Roussillon, Nadia Benkacem, la directrice, trois enseignantes, quatre parents ; Émilie Jourdan.\n\n## Ce qui s'est dit\n\nLes parents demandent que la [[Rénovation énergétique de l'école des Tilleuls]] ne coupe pas la garderie. La [[Cour de l'école : ombre et sols]] plaît ; les copeaux inquiètent pour l'hiver.\n\n## Qui fait quoi\n\n- Émilie Jourdan écrit aux familles avant les vacances.\n- Patrick Brun montre les plans le mois prochain."
                ),
            ),
            tags=("école",),
            fields={"kind": "minutes"},
        ),
        Sheet(
            "loisirs",
            service,
            "Centre de loisirs Les Aulnes",
            "L'association, la convention, les mercredis.",
            (
                Change(139, "emilie", "Convention signée", papers=("convention-aulnes",)),
                Change(12, "emilie", "Mercredis ajoutés à la convention, à relire", published=False),
            ),
            (
                text("L'association accueille 84 enfants de 3 à 11 ans pendant les vacances."),
                since(
                    2,
                    text(
                        "La nouvelle convention ajoute les mercredis ; la participation passe de 14 800 € à 21 400 €. Elle est soumise au prochain conseil."
                    ),
                ),
            ),
            tags=("enfance", "associations"),
            fields={"kind": "sheet"},
        ),
    )


def _planning(when: When) -> tuple[Sheet, ...]:
    service = "urbanisme"
    return (
        Sheet(
            service,
            "services",
            "Urbanisme",
            "Permis, déclarations, plan local d'urbanisme.",
            (
                Change(364, "yann", "Page du service"),
                Change(
                    23,
                    "yann",
                    "Chiffres du trimestre",
                    fields={
                        "indicators": [
                            {"label": "Dossiers en cours", "value": "17", "line": "dont 5 permis de construire"},
                            {"label": "Délai moyen", "value": "34 jours", "line": "pour une déclaration préalable"},
                        ]
                    },
                ),
            ),
            (
                text(
                    "Yann Le Goff reçoit sur rendez-vous le mardi et le jeudi. Un dossier se dépose en ligne ou à l'accueil.\n\n## Ce qu'on cherche souvent\n\n- [[Déposer un dossier d'urbanisme]]\n- [[Plan local d'urbanisme]]\n- [[Déclaration d'intention d'aliéner]]"
                ),
            ),
            model="ServicePage",
            fields={"trade": "Urbanisme", "contact": "Yann Le Goff, bureau 6, 04 65 71 20 27"},
        ),
        Sheet(
            "permis",
            service,
            "Déposer un dossier d'urbanisme",
            "Abri de jardin, façade, maison : quelle demande, quel délai.",
            (Change(342, "yann", "Fiche écrite"), Change(149, "laure", "Dépôt à l'accueil")),
            (
                table(
                    "Quelle demande ?",
                    "Travaux | Demande",
                    "Abri de moins de 5 m² | Aucune",
                    "Façade, clôture, fenêtre de toit | Déclaration préalable",
                    "Maison, extension importante | Permis de construire",
                    first_column=True,
                ),
                faq(
                    ("Puis-je commencer en attendant ?", "Non. Attendez la réponse écrite et affichez le panneau."),
                    ("Mon dossier est incomplet ?", "Vous recevez un courrier ; le délai repart quand tout est là."),
                ),
                since(2, text("L'accueil vérifie le nombre d'exemplaires et donne le récépissé le jour même.")),
            ),
            tags=("urbanisme", "accueil"),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "plu",
            service,
            "Plan local d'urbanisme",
            "Les zones, ce qu'on peut y construire, la révision en vue.",
            (Change(341, "yann", "Fiche écrite"), Change(75, "yann", "Révision demandée")),
            (
                text("Le plan date de 2013. Il compte une seule zone à urbaniser : les Aires, 8 640 m²."),
                since(
                    2,
                    text(
                        "## Révision\n\nLa commission demande une révision allégée pour les toitures solaires du bourg. Le [[Calendrier de révision du plan]] reste à écrire."
                    ),
                ),
                text("Projet lié : [[Lotissement des Aires]]."),
            ),
            tags=("urbanisme",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "dia",
            service,
            "Déclaration d'intention d'aliéner",
            "Chaque vente passe en mairie : que faire dans les deux mois.",
            (Change(339, "yann", "Procédure écrite"),),
            (
                steps(
                    "Pas à pas",
                    ("Enregistrer le jour même", "La date fait courir le délai."),
                    ("Demander l'avis de l'adjoint", "Didier Fauresse, sous dix jours."),
                    ("Répondre au notaire", "Même pour dire que la commune n'achète pas."),
                ),
                text("Une vente aux Aires se signale aussitôt : voir [[Lotissement des Aires]]."),
            ),
            tags=("urbanisme", "procédure"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "commission-urba",
            service,
            f"Commission urbanisme du {when.day(-76)}",
            "Toitures solaires, Aires, terrasses.",
            (Change(74, "yann", "Compte rendu"),),
            (
                text(
                    "## Présents\n\nDidier Fauresse, Anne-Sophie Vernet, Olivier Tessonnier, Michel Bressac ; Yann Le Goff.\n\n## Ce qui s'est dit\n\nM. Bressac demande le coût d'une révision complète du [[Plan local d'urbanisme]] : entre 40 000 et 60 000 €. La commission préfère une révision allégée. Pour les cafés de la place, il faut une [[Charte des terrasses]]."
                ),
            ),
            tags=("urbanisme", "commission"),
            fields={"kind": "minutes"},
        ),
    )


def _communication(when: When) -> tuple[Sheet, ...]:
    service = "communication"
    return (
        Sheet(
            service,
            "services",
            "Communication",
            "Le bulletin, le site, les alertes, les affiches.",
            (
                Change(364, "ines", "Page du service"),
                Change(
                    11,
                    "ines",
                    "Chiffres du mois",
                    fields={
                        "indicators": [
                            {"label": "Bulletin", "value": "1 140", "line": "exemplaires, quatre fois par an"},
                            {"label": "Abonnés aux alertes", "value": "763", "line": "un habitant sur trois"},
                        ]
                    },
                ),
            ),
            (
                text(
                    "Tout ce qui sort de la mairie passe par ici, sauf les actes. Relisez la [[Charte d'écriture]] avant d'envoyer un texte ; en cas d'urgence, suivez [[Envoyer une alerte aux habitants]]."
                ),
            ),
            model="ServicePage",
            fields={"trade": "Communication", "contact": "Inès Moulin, bureau 1, 04 65 71 20 15"},
        ),
        Sheet(
            "bulletin",
            service,
            "Bulletin municipal",
            "Huit pages, quatre fois par an : qui écrit quoi, pour quand.",
            (
                Change(315, "ines", "Calendrier de l'année"),
                Change(109, "ines", "Numéro précédent paru"),
                Change(12, "ines", "Numéro en cours", papers=("maquette-bulletin",)),
            ),
            (
                steps(
                    "Le calendrier d'un numéro",
                    ("Six semaines avant : sommaire", "Avec la maire et Nadia Benkacem."),
                    (
                        "Quatre semaines avant : textes",
                        "Les groupes ont une demi-page chacun, voir [[Règlement intérieur du conseil]].",
                    ),
                    ("Deux semaines avant : maquette", ""),
                    ("Distribution", "Trois jours, par les élus de chaque quartier."),
                ),
                since(2, text("Le numéro précédent a été tiré à 1 140 exemplaires ; il en est resté 30.")),
                since(
                    3,
                    table(
                        "Au sommaire",
                        "Page | Sujet | Texte",
                        "1 | L'école se refait une santé | Inès Moulin",
                        "2 | Chemin des Lauzes | Patrick Brun",
                        "3 | Éteindre la nuit | Julien Arnal",
                        "7 | Expression des groupes | Les groupes",
                    ),
                ),
            ),
            tags=("bulletin",),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "charte-page",
            service,
            "Charte d'écriture",
            "Comment la commune écrit : court, au présent, sans jargon.",
            (Change(295, "ines", "Charte adoptée", papers=("charte",)), Change(54, "ines", "Féminin des fonctions")),
            (
                text(
                    "> On écrit comme on parle à un voisin qui nous est cher.\n\n- « La mairie vous reçoit », pas « nos services sont à votre disposition ».\n- 18 h 30, 486 000 €, n° 2.\n- Une idée par phrase."
                ),
                since(2, text("Les fonctions s'accordent : **la maire, une adjointe, la régisseuse**.")),
            ),
            tags=("écriture",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "alertes",
            service,
            "Envoyer une alerte aux habitants",
            "Coupure d'eau, neige, crue : par message, affiche et porte-à-porte.",
            (Change(256, "ines", "Procédure écrite"), Change(63, "julien", "Exemple du mur des Lauzes")),
            (
                steps(
                    "Pas à pas",
                    ("Décider", "La maire, ou l'adjoint d'astreinte."),
                    ("Écrire trois phrases", "Quoi, où, jusqu'à quand. Rien d'autre."),
                    ("Envoyer", "Message, site, panneau de la place."),
                    ("Prévenir les personnes isolées", "La liste est à l'accueil, sous clé."),
                ),
                since(
                    2,
                    text(
                        "> Chemin des Lauzes fermé au mur à partir de ce soir, 18 h. Passez par la route des Aires. Les piétons passent."
                    ),
                ),
                text("Pour une évacuation, suivre le [[Plan communal de sauvegarde]]."),
            ),
            tags=("procédure", "sécurité"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "biblio",
            service,
            "Fermeture de la bibliothèque",
            "Affiche et message, à relire avant l'envoi.",
            (
                Change(6, "ines", "Premier jet", published=False),
                Change(1, "ines", "Dates confirmées par l'équipe bénévole", published=False),
            ),
            (
                text("La bibliothèque ferme deux semaines pour l'inventaire. Les prêts sont prolongés d'autant."),
                since(2, text("Réouverture un mercredi à 14 h, avec un goûter. La boîte de retour reste ouverte.")),
            ),
            tags=("bibliothèque",),
        ),
    )


def _desk(when: When) -> tuple[Sheet, ...]:
    service = "accueil-service"
    return (
        Sheet(
            service,
            "services",
            "Accueil et état civil",
            "Le guichet, le téléphone, l'état civil, le cimetière.",
            (Change(363, "laure", "Page du service"), Change(16, "laure", "Ouverture du mercredi soir")),
            (
                until(1, text("Du lundi au vendredi de 8 h 30 à 12 h.")),
                since(
                    2,
                    text(
                        "Du lundi au vendredi de 8 h 30 à 12 h, et le mercredi jusqu'à 18 h. Pour un document d'identité, voir [[Cartes d'identité et passeports]].\n\n## Ce qu'on cherche souvent\n\n- [[Déclarer un décès]]\n- [[Cimetière]]\n- [[Liste des associations]]"
                    ),
                ),
            ),
            model="ServicePage",
            fields={"trade": "Accueil", "contact": "Laure Pascalis, 04 65 71 20 10"},
        ),
        Sheet(
            "identite",
            service,
            "Cartes d'identité et passeports",
            "La commune n'a pas de station : où envoyer les gens.",
            (Change(334, "laure", "Fiche écrite"), Change(121, "laure", "Délais mis à jour")),
            (
                faq(
                    (
                        "Où faire sa carte ?",
                        "Dans n'importe quelle mairie équipée. La plus proche est à 14 km, sur rendez-vous.",
                    ),
                    ("Combien de temps ?", "De trois à six semaines selon la saison."),
                    (
                        "Et pour une personne qui ne se déplace pas ?",
                        "Appeler la mairie équipée : un agent vient à domicile une fois par mois.",
                    ),
                ),
                since(2, text("En ce moment, comptez **cinq semaines** entre le rendez-vous et la remise.")),
            ),
            tags=("accueil",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "deces",
            service,
            "Déclarer un décès",
            "Recevoir la famille, dresser l'acte, prévenir.",
            (Change(332, "laure", "Procédure écrite"), Change(42, "laure", "Permanence du samedi")),
            (
                steps(
                    "Pas à pas",
                    ("Recevoir sans faire attendre", "Bureau 4, porte fermée."),
                    ("Dresser l'acte", "Certificat du médecin, livret de famille."),
                    ("Autoriser l'inhumation", "La maire ou l'adjoint d'astreinte signe."),
                    ("Prévenir le cimetière", "Julien Arnal prépare l'emplacement."),
                ),
                since(
                    2,
                    callout(
                        "info", "Le samedi", "L'élu de permanence a la clé du registre. Son numéro est sur la porte."
                    ),
                ),
            ),
            tags=("état civil", "procédure"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "associations-page",
            service,
            "Liste des associations",
            "Cinq associations actives, leurs salles, leurs subventions.",
            (
                Change(36, "laure", "Liste relue avec chacune", papers=("associations",)),
                Change(4, "laure", "Nouvelle adresse de la chorale", published=False),
            ),
            (
                table(
                    "Les associations",
                    "Association | Objet | Salle",
                    "Les Aulnes | Centre de loisirs | Salle des Aulnes",
                    "Drise en chœur | Chorale | Mairie",
                    "Foulée des Lauzes | Course à pied | Gymnase",
                    "Le Four commun | Patrimoine | –",
                    "Boule de la place | Pétanque | –",
                ),
                since(
                    2,
                    text(
                        "La chorale répète désormais le jeudi. Le centre de loisirs a sa page : [[Centre de loisirs Les Aulnes]]."
                    ),
                ),
            ),
            tags=("associations",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "cimetiere",
            service,
            "Cimetière",
            "Concessions, ossuaire, horaires.",
            (Change(297, "laure", "Fiche écrite"), Change(156, "laure", "Tarif des concessions")),
            (
                text("Le cimetière est ouvert de 8 h à 19 h. Le plan est au bureau 4."),
                since(
                    2,
                    text(
                        "Une concession de trente ans coûte 320 € : voir [[Tarifs municipaux]]. La reprise des tombes abandonnées demande trois ans et deux constats."
                    ),
                ),
            ),
            tags=("cimetière",),
            fields={"kind": "sheet"},
        ),
    )
