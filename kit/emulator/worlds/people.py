"""Invented people and goods: the personal data that a copy of production must not keep."""

from __future__ import annotations

from typing import Final

NAMES: Final = (
    "Aiko Mori", "Ben Carter", "Chloe Dubois", "Daniel Okafor", "Elif Kaya", "Farid Haddad", "Greta Nilsson",
    "Hana Kimura", "Ivan Petrov", "Julia Santos", "Kenji Sato", "Lena Vogel",
)  # fmt: skip
PRODUCTS: Final = ("Lamp", "Kettle", "Umbrella", "Notebook", "Blanket")


def email(name: str) -> str:
    """An address at a domain that is reserved for examples."""
    return f"{name.lower().replace(' ', '.')}@customer.example"


def phone(number: int) -> str:
    """From the numbers that are kept for fiction."""
    return f"+1-202-555-01{number:02}"
