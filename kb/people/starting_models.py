"""What an empty town starts with: its métiers and its models of pages. The town edits both."""

from typing import Any

STARTING_TRADES = (
    "Technique", "Budget", "Projets", "Secrétariat", "Communication", "Urbanisme", "École et enfance",
)  # fmt: skip


def _text(html: str) -> dict[str, str]:
    return {"type": "paragraph", "value": html}


STARTING_MODELS: tuple[dict[str, Any], ...] = (
    {
        "name": "Fiche projet",
        "description": "Un projet qui commence\u00a0: pourquoi, ce qui est prévu, ce qu’on attend.",
        "page_type": "projectpage",
        "summary": "",
        "body": [
            _text("<h2>Pourquoi ce projet</h2><p></p><h2>Ce qui est prévu</h2><ul><li></li></ul>"),
            _text("<h2>Ce qui n’est pas prévu</h2><p></p><h2>Ce qui peut coincer</h2><p></p>"),
        ],
    },
    {
        "name": "Compte rendu de réunion",
        "article_kind": "minutes",
        "description": "Qui était là, ce qui s’est dit, qui fait quoi avant quand.",
        "page_type": "articlepage",
        "summary": "",
        "body": [
            _text("<h2>Présents</h2><p></p><h2>Ce qui s’est dit</h2><p></p>"),
            _text("<h2>Ce qui est décidé</h2><ul><li></li></ul><h2>Qui fait quoi</h2><ul><li></li></ul>"),
        ],
    },
    {
        "name": "Procédure",
        "article_kind": "procedure",
        "description": "Comment faire une chose qui revient, pas à pas.",
        "page_type": "articlepage",
        "summary": "",
        "body": [
            _text("<h2>Quand s’en servir</h2><p></p>"),
            {"type": "steps", "value": {"title": "Pas à pas", "steps": [{"title": "", "text": ""}]}},
            _text("<h2>En cas de problème</h2><p></p>"),
        ],
    },
)
