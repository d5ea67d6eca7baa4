"""What a mention's label says: the six types of names, and the labels of the model that mean them."""

from __future__ import annotations

PERSON, ORG, PUBLIC_BODY, PRODUCT, LAW, GPE = "PERSON", "ORG", "PUBLIC_BODY", "PRODUCT", "LAW", "GPE"
LABELS = {
    "person": PERSON,
    "organisation": ORG,
    "public_body": PUBLIC_BODY,
    "model": PRODUCT,
    "instrument": LAW,
    "place": GPE,
}
"""The label of each type of entity."""
_TYPES = {label: kind for kind, label in LABELS.items()} | {"LOC": "place", "FAC": "place"}


def type_of(label: str) -> str:
    """Return the type of entity that a label names, or an empty string for a label that names none of the six."""
    return _TYPES.get(label, "")
