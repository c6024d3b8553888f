"""What a command prints: text, or JSON without the numbers that JSON does not have."""

import json
import math
from typing import Any


def say(text: str) -> None:
    print(text)  # noqa: T201 - the output of a command line


def say_json(value: object) -> None:
    """Infinity and NaN become null."""
    say(json.dumps(finite(value), ensure_ascii=False, indent=1))


def finite(value: Any) -> Any:
    """The same value with None for each number that JSON does not have."""
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
