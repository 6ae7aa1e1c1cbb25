"""The town's page, the three shelves of its menu, and what everybody reads first."""

from kb.demo.when import When, long_day
from kb.demo.writing import Change, Sheet, callout, faq, image, since, steps, text, video


def sheets(when: When) -> tuple[Sheet, ...]:
    """The home page and the shelves."""
    return (
        Sheet(
            "accueil",
            "",
            "Valmorin-sur-Drise",
            "",
            (
                Change(
                    365,
                    "gilles",
                    "Première page d'accueil",
                    fields={"summary": "La mémoire de la mairie : ses projets, ses services, ses séances."},
                ),
                Change(29, "ines", "Le chantier de l'école passe en tête"),
            ),
            (
                image(
                    "vallee", "Le village de Valmorin au bord de la Drise, devant les collines", "La vallée de la Drise"
                ),
                text("""
                    Bienvenue dans la base de la mairie de Valmorin-sur-Drise, **2 380 habitants**. Les agents y tiennent les projets et les procédures ; les élus y lisent les dossiers.

                    ## En ce moment
                """),
                since(
                    2,
                    text(
                        "- [[Rénovation énergétique de l'école des Tilleuls]] : le lot 2 sera attribué au prochain conseil.\n- [[Voirie du chemin des Lauzes]] : le tronçon 1 est ouvert, le mur du tronçon 2 est à consolider.\n- [[Inscriptions à la cantine]] : les tarifs changent peut-être."
                    ),
                ),
                text("Nouveau ici ? Lisez [[Se servir de la base]]."),
            ),
            model="HomePage",
        ),
        Sheet(
            "projets",
            "accueil",
            "Projets",
            "Ce que la commune étudie, construit et termine.",
            (Change(371, "gilles", "Rayon créé"), Change(270, "claire", "Mode d'emploi des états")),
            (
                since(
                    2,
                    text("""
                Un projet a une page dès qu'on en parle en commission. Il est « à l'étude » tant que rien n'est décidé, « en cours » dès que le conseil a voté. Celui qui le porte met la page à jour **avant chaque conseil**.
            """),
                ),
            ),
            model="FolderPage",
            fields={"show_in_menus": True, "children_shown": "cards"},
        ),
        Sheet(
            "services",
            "accueil",
            "Services",
            "Qui fait quoi à la mairie, et comment.",
            (Change(367, "gilles", "Rayon créé"),),
            (text("Chaque service tient ses procédures et ses chiffres. Une procédure se relit une fois par an."),),
            model="FolderPage",
            fields={"show_in_menus": True, "children_shown": "cards"},
        ),
        Sheet(
            "seances",
            "accueil",
            "Séances",
            "Les séances du conseil municipal : celles qui viennent, celles qui ont eu lieu.",
            (
                Change(363, "gilles", "Rayon créé"),
                Change(310, "claire", "Jour et heure des séances"),
                Change(15, "claire", "Prochaine séance"),
            ),
            (
                since(
                    2,
                    text(
                        "Le conseil se réunit le mardi à 18 h 30, salle du conseil. Il compte 19 conseillers ; le quorum est de 10. Pour préparer une séance, suivez [[Préparer une séance du conseil]]."
                    ),
                ),
                since(
                    3, text(f"## Prochaine séance\n\n[[Conseil municipal du {long_day(when.sitting(0))}]], à 18 h 30.")
                ),
            ),
            model="FolderPage",
            fields={"show_in_menus": True},
        ),
        Sheet(
            "mode-emploi",
            "accueil",
            "Se servir de la base",
            "Trouver, lire, écrire : l'essentiel en trois minutes.",
            (
                Change(360, "gilles", "Première version"),
                Change(280, "ines", "Les liens entre pages, avec un exemple"),
                Change(77, "ines", "Vidéo et questions des élus"),
            ),
            (
                steps(
                    "Créer une page",
                    (
                        "Se placer au bon endroit",
                        "Une procédure va sous son service, une note de projet sous son projet.",
                    ),
                    ("Choisir un modèle", "« Procédure », « Compte rendu de réunion » ou « Fiche projet »."),
                    ("Écrire deux lignes de résumé", "C'est ce que les élus lisent sur leur téléphone."),
                    ("Enregistrer", "La page reste un brouillon jusqu'à sa publication."),
                ),
                since(
                    2,
                    text("""
                    ## Les liens entre pages

                    Tapez le titre d'une page entre deux crochets doubles, par exemple [[Engager une dépense]]. Si la page n'existe pas encore, elle est notée comme page à créer : c'est le cas du [[Plan communal de sauvegarde]].
                """),
                ),
                callout(
                    "info",
                    "Rien ne se perd",
                    "Chaque version d'une page est gardée. On peut comparer deux versions et revenir à l'une d'elles.",
                ),
                since(
                    3,
                    video(
                        "https://tube.numerique.gouv.fr/w/seance-tenante-demonstration",
                        "Créer sa première page, en deux minutes",
                    ),
                ),
                since(
                    3,
                    faq(
                        (
                            "Qui voit ce que j'écris ?",
                            "Un brouillon n'est lu que par ceux qui peuvent le modifier. Une page publiée est lue par tous les comptes ouverts.",
                        ),
                        (
                            "Comment remplacer un fichier ?",
                            "Déposez une nouvelle version sur la fiche du document. Les lecteurs gardent l'ancienne jusqu'à la publication.",
                        ),
                        (
                            "Je ne trouve pas une page.",
                            "Demandez à Claire Valette, secrétariat : elle a peut-être changé de titre.",
                        ),
                    ),
                ),
            ),
            tags=("mode d’emploi",),
            fields={"kind": "sheet"},
        ),
    )
