"""The field where an amount is typed: shown « 486 000,00 », read back with spaces, comma or euro sign."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from kb import typography

_SPACES_AND_SIGN = re.compile(r"[\s\u00a0\u202f€]")


class AmountInput(forms.TextInput):
    """A decimal field's input. What is no amount is handed on as it was typed, for the field to refuse."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """« 486 000,00 » for a Decimal or its text."""
        try:
            return None if value in (None, "") else typography.amount(Decimal(str(value)))
        except InvalidOperation:
            return str(value)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """« 1 486,5 € » as « 1486.5 »."""
        typed = data.get(name)
        if typed is None:
            return None
        plain = _SPACES_AND_SIGN.sub("", typed).replace(",", ".")
        try:
            Decimal(plain)
        except InvalidOperation:
            return str(typed)
        return plain
