"""Telephone numbers behind a mask: what one looks like, and what it means where a whole number is expected."""

import re
from collections.abc import Mapping
from typing import Any

from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.wire.finding import Message, finding

MASKED = re.compile(r"\+?\d{3}\*+\d{3}")  # contract 8.5: first three and last three digits


def sees_masks(answer: Response[Any], caller: Product, seen: Mapping[str, Any], expected: Mapping[str, Any]) -> Message | None:
    """The finding where nothing but masked numbers differs: they were kept, and the caller may not see them. Else None."""
    differing = [(seen.get(field), value) for field, value in expected.items() if seen.get(field) != value]
    masks = [next((each for each in pair if isinstance(each, str) and MASKED.fullmatch(each)), None) for pair in differing]
    if not masks or None in masks:
        return None
    return finding("calling-role-sees-masks", answer, seen=masks[0], role=caller.role or "-")
