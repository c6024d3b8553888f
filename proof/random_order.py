"""A pytest plugin: the checks in an order that SOAK_SEED decides, files and all."""

import os
import random

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every worker of a run shuffles alike, as xdist needs it."""
    random.Random(os.environ["SOAK_SEED"]).shuffle(items)  # noqa: S311 - an order, not a secret
