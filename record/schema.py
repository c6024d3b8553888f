"""`python -m record.schema`: the JSON schema of run.json, generated from its classes into record/run.schema.json."""

import json
from pathlib import Path
from typing import Any

import msgspec

from record.run import Run

FILE = Path(__file__).with_name("run.schema.json")


def schema() -> dict[str, Any]:
    """Objects hold the keys of their classes and no others."""
    generated = msgspec.json.schema(Run)
    for definition in generated["$defs"].values():
        if "properties" in definition:
            definition["additionalProperties"] = False
            definition["required"] = list(definition["properties"])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "run.json: what one run of Luz Verde found"}
    return head | generated


def text() -> str:
    return json.dumps(schema(), indent=1, ensure_ascii=False, default=list) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
