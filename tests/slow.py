"""Of the tests that take seconds a part every day: `pytest tests -p tests.slow --slow-part-of=DAY`, as `make test` does.

Which part a test belongs to follows from its name alone, so that each is due once in as many days as there are parts.
"""

import zlib

import pytest

PARTS = 4


def pytest_addoption(parser: pytest.Parser) -> None:
    due = f"of the tests marked slow only those that are due on this day, a whole number: one of {PARTS} parts"
    parser.getgroup("luz verde tests", "Luz Verde's own tests").addoption("--slow-part-of", type=int, metavar="DAY", help=due)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    day = config.getoption("--slow-part-of")
    if day is None:
        return
    others = {item for item in items if item.get_closest_marker("slow") and not is_due(item.nodeid, day)}
    config.hook.pytest_deselected(items=list(others))
    items[:] = [item for item in items if item not in others]


def is_due(node_id: str, day: int) -> bool:
    return zlib.crc32(node_id.encode()) % PARTS == day % PARTS
