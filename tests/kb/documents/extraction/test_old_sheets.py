"""Excel's old .xls: values as a French sheet shows them, hidden sheets left out."""

import io
from datetime import date

import xlwt

from kb.documents.extraction import libreoffice, readers
from kb.documents.file_types import Kind


def xls() -> bytes:
    book, day = xlwt.Workbook(), xlwt.easyxf(num_format_str="DD/MM/YYYY")
    shown, hidden = book.add_sheet("Budget"), book.add_sheet("Brouillon")
    for column, value in enumerate(("École", 1500.5, 12, True)):
        shown.write(0, column, value)
    shown.write(4, 0, date(2026, 3, 12), day)
    hidden.write(0, 0, "zqxsecret")
    hidden.visibility = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_old_spreadsheet():
    reading = readers.read(xls(), "budget.xls")
    assert (reading.kind, reading.state, reading.page_count) == (Kind.XLS, "ok", 2)
    assert [page.text for page in reading.pages] == ["Budget\nÉcole | 1500,5 | 12 | VRAI\n12/03/2026", ""]
    assert reading.readers == ["python-calamine 0.9.1"]


def test_a_cell_at_the_end_of_an_old_sheet_costs_a_sentence(monkeypatch):
    """calamine asks for the whole rectangle and is refused; LibreOffice would read it."""
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    book = xlwt.Workbook()
    sheet = book.add_sheet("F")
    sheet.write(0, 0, "Début")
    sheet.write(65_535, 255, "Fin")
    out = io.BytesIO()
    book.save(out)
    assert readers.read(out.getvalue(), "grand.xls").words == "lecture en attente : LibreOffice n’est pas installé"


def test_an_old_sheet_cut_short_waits_for_nobody(monkeypatch):
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    reading = readers.read(xls()[:600], "coupé.xls")
    assert (reading.kind, reading.words) == (Kind.XLS, "illisible : le fichier est incomplet ou abîmé")
