"""Numbers that were announced never move."""

import pytest

from council.frozen import numbers


@pytest.mark.parametrize(
    ("taken", "number", "wanted"),
    [
        (["1", "2"], "1", "1 bis"),
        (["1", "1 bis", "2"], "1", "1 ter"),
        (["1", "1 bis", "1 ter", "1 quater", "1 quinquies"], "1", ""),
    ],
)
def test_between_two_numbers(taken, number, wanted):
    assert numbers.after(number, taken) == wanted


def test_at_the_end_and_in_order():
    assert numbers.at_the_end(["1", "9 bis", "8"]) == "10"
    assert numbers.at_the_end([]) == "1"
    assert sorted(["10", "2 bis", "2", "2 ter", "9"], key=numbers.key) == ["2", "2 bis", "2 ter", "9", "10"]
    with pytest.raises(ValueError, match="6 octies"):
        numbers.key("6 octies")


def test_what_is_offered():
    assert numbers.offered(["1", "1 bis", "2"]) == [
        ("", "À la fin"),
        ("1 ter", "Après le point 1 : 1 ter"),
        ("2 bis", "Après le point 2 : 2 bis"),
    ]
