"""Tables compared: rows found again, added, removed; cells in words."""

from kb.history.tables import Row, rows
from kb.history.words import Piece

WALLS, WINDOWS, ROOF = ("Murs", "168 400 €"), ("Fenêtres", "121 900 €"), ("Toit", "98 700 €")


def same(row):
    return Row("same", [[Piece("same", cell)] for cell in row])


def whole(kind, row):
    return Row(kind, [[Piece(kind, cell)] for cell in row])


def test_a_changed_cell():
    assert rows((WALLS, WINDOWS), (WALLS, ("Fenêtres", "130 000 €"))) == [
        same(WALLS),
        Row("changed", [[Piece("same", "Fenêtres")], [Piece("removed", "121 900 €"), Piece("added", "130 000 €")]]),
    ]


def test_another_row_in_its_place_is_not_a_changed_row():
    assert rows((WALLS, WINDOWS), (WALLS, ROOF)) == [same(WALLS), whole("removed", WINDOWS), whole("added", ROOF)]


def test_a_row_before_one_that_changed():
    found = rows((WINDOWS,), (ROOF, ("Fenêtres", "130 000 €")))
    assert [row.kind for row in found] == ["added", "changed"]


def test_a_wider_table():
    assert rows((WALLS,), ((*WALLS, "Attribué"),)) == [
        Row("changed", [[Piece("same", "Murs")], [Piece("same", "168 400 €")], [Piece("added", "Attribué")]])
    ]


def test_each_side():
    row = rows((WINDOWS,), (("Fenêtres", "130 000 €"),))[0]
    assert row.side("added").cells[1] == [Piece("removed", "121 900 €")]
    assert row.side("removed").cells[1] == [Piece("added", "130 000 €")]
