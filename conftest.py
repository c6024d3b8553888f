"""Wires the plugins in fixtures/. Each check gets its folder's marker from `fixtures.stages`."""

import pytest

pytest.register_assert_rewrite("fixtures")  # they import each other, and pytest warns of a plugin that it meets too late

pytest_plugins = [
    "fixtures.markers",
    "fixtures.environment",
    "fixtures.deployment",
    "fixtures.guard",
    "fixtures.wire",
    "fixtures.target",
    "fixtures.verdicts",
    "fixtures.record",
    "fixtures.leftovers",
    "fixtures.summary",
    "fixtures.sockets",
    "fixtures.browser",
    "fixtures.vendors",
    "fixtures.identities",
    "fixtures.tls",
    "fixtures.load_options",
]
