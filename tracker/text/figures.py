"""Numbers as readers see them."""

from __future__ import annotations

from decimal import Decimal


def exact(number: Decimal | int | None) -> str:
    """Return a number with thousands apart and without trailing zeros; nothing for None."""
    if number is None:
        return ""
    text = f"{Decimal(number):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
