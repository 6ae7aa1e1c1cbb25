// The words of the table editor, in French: Handsontable brings English alone.
if (window.Handsontable) {
  const { registerLanguageDictionary, getLanguageDictionary } = window.Handsontable.languages;
  registerLanguageDictionary({
    ...getLanguageDictionary("en-US"),
    languageCode: "fr",
    "ContextMenu:items.insertRowAbove": "Ajouter une ligne au-dessus",
    "ContextMenu:items.insertRowBelow": "Ajouter une ligne au-dessous",
    "ContextMenu:items.insertColumnOnTheLeft": "Ajouter une colonne à gauche",
    "ContextMenu:items.insertColumnOnTheRight": "Ajouter une colonne à droite",
    "ContextMenu:items.removeRow": ["Retirer la ligne", "Retirer les lignes"],
    "ContextMenu:items.removeColumn": ["Retirer la colonne", "Retirer les colonnes"],
    "ContextMenu:items.mergeCells": "Fusionner les cellules",
    "ContextMenu:items.unmergeCells": "Défaire la fusion",
    "ContextMenu:items.undo": "Annuler",
    "ContextMenu:items.redo": "Rétablir",
  });
}
