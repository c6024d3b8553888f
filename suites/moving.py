"""Looks at lists that move: people add and remove rows while they are read, and so do other checks."""

from collections.abc import Callable
from typing import TypeVar

LOOKS = 4
T = TypeVar("T")


def look_until(holds: Callable[[T], bool], look: Callable[[], T]) -> T:
    """What the first look shows for which it holds, of LOOKS; else the last. What is wrong at every look did not just move."""
    seen = look()
    for _ in range(LOOKS - 1):
        if holds(seen):
            break
        seen = look()
    return seen
