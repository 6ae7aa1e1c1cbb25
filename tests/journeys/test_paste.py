"""Pasting from Word into the editor: the words and the structure stay, and none of the mso- debris."""

import json
from typing import Any

import pytest

from tests.journeys.conftest import save_draft

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {mso-style-parent:""; margin:0cm;} -->
</style><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head>
<body lang=FR style='tab-interval:35.4pt'><!--StartFragment-->
<h2 style='mso-outline-level:2'>Compte rendu<o:p></o:p></h2>
<p class=MsoNormal style='margin-bottom:8pt'><b style='mso-bidi-font-weight:normal'>Présents</b> : la maire, les
<i>adjoints</i>.<o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Voirie<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>École<o:p></o:p></p>
<p class=MsoNormal>Fin.</p>
<!--EndFragment--></body></html>"""

PASTE = """(html) => {
  const editor = document.querySelector('[data-contentpath="body"] [contenteditable="true"]');
  editor.focus();
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "Compte rendu");
  editor.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_words_and_structure_stay(town: Any, agent: Any, visitor: Any) -> None:
    page = town.page("Note", "<p>Avant.</p>")
    person = visitor().sign_in(agent)
    person.page.goto(f"/admin/pages/{page.pk}/edit/")
    person.page.wait_for_selector('[data-contentpath="body"] [contenteditable="true"]')
    person.page.evaluate(PASTE, WORD)
    person.page.get_by_text("Présents").first.wait_for()
    person.page.wait_for_timeout(1200)  # Draftail writes its field a moment after the last change
    save_draft(person.page)
    page.refresh_from_db()
    html = json.loads(page.get_latest_revision().content["body"])[0]["value"]
    for word in ("mso", "Mso", "style=", "o:p", "·", "class="):
        assert word not in html, html
    assert "<h2" in html and "Compte rendu</h2>" in html
    assert "<b>Présents</b> : la maire, les <i>adjoints</i>." in html
    assert html.count("<li") == 2 and "Voirie</li>" in html and "École</li>" in html
    assert not person.troubles


STRUCTURED = """<html><body><!--StartFragment-->
<h1>Budget</h1><p class=MsoNormal>Avant le tableau.</p><h2>Travaux</h2>
<div align=center><table class=MsoTableGrid><tr><td><p class=MsoNormal><b>Lot</b></p></td><td><p class=MsoNormal><b>Montant</b></p></td></tr>
<tr><td rowspan=2><p class=MsoNormal>Toiture<o:p></o:p></p></td><td><p class=MsoNormal>212&nbsp;400 €</p></td></tr>
<tr><td><p class=MsoNormal>12 €</p></td></tr></table></div>
<p class=MsoNormal>Après le tableau.</p>
<!--EndFragment--></body></html>"""


def test_a_first_heading_and_a_table_keep_their_place(town: Any, agent: Any, visitor: Any) -> None:
    page = town.page("Note", "<p>Avant.</p>")
    person = visitor().sign_in(agent)
    person.page.goto(f"/admin/pages/{page.pk}/edit/")
    person.page.wait_for_selector('[data-contentpath="body"] [contenteditable="true"]')
    person.page.get_by_text("Avant.").last.click()
    person.page.keyboard.press("End")
    person.page.keyboard.press("Enter")
    person.page.evaluate(PASTE, STRUCTURED)
    person.page.get_by_text("Après le tableau.").first.wait_for()
    person.page.get_by_text("Le tableau collé est devenu un bloc « Tableau », sous ce texte.").first.wait_for()
    person.page.wait_for_timeout(1500)
    save_draft(person.page)
    page.refresh_from_db()
    blocks = json.loads(page.get_latest_revision().content["body"])
    assert [block["type"] for block in blocks] == ["paragraph", "table", "paragraph"]
    before, table, after = (block["value"] for block in blocks)
    assert "Budget</h2>" in before and "Travaux</h3>" in before and "Avant le tableau." in before
    assert "Après le tableau." in after and "tableau" not in after.replace("Après le tableau.", "")
    assert table["table"]["data"] == [["Lot", "Montant"], ["Toiture", "212 400 €"], ["", "12 €"]]
    assert table["table"]["table_header_choice"] == "row"
    assert table["table"]["mergeCells"] == [{"row": 1, "col": 0, "rowspan": 2, "colspan": 1}]
    assert not person.troubles
