"""What a command prints: text, or JSON without the numbers that JSON does not have."""

import json

from judge.verdicts import finite


def say(text: str) -> None:
    print(text)  # noqa: T201 - the output of a command line


def say_json(value: object) -> None:
    """Infinity and NaN become null."""
    say(json.dumps(finite(value), ensure_ascii=False, indent=1))
