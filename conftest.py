"""Wires the plugins in fixtures/. Each check gets its folder's marker from `fixtures.stages`."""

import pytest

pytest.register_assert_rewrite("fixtures")  # they import each other, and pytest warns of a plugin that it meets too late

pytest_plugins = [
    "fixtures.markers",
    "fixtures.claims",
    "fixtures.witness",
    "fixtures.environment",
    "fixtures.deployment",
    "fixtures.guard",
    "fixtures.wire",
    "fixtures.target",
    "fixtures.verdicts",
    "fixtures.record",
    "fixtures.doors",
    "fixtures.leftovers",
    "fixtures.summary",
    "fixtures.sockets",
    "fixtures.browser",
    "fixtures.vendors",
    "fixtures.identities",
    "fixtures.voice",
    "fixtures.tls",
    "fixtures.application_log",
    "fixtures.load_options",
]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """From here, because `-p no:NAME` switches off every plugin but this one."""
    from fixtures import intact, record  # noqa: PLC0415 - pytest has to rewrite their asserts first

    intact.require(config, pytest_plugins, verifies=not record.is_worker(config) and record.verifies_a_deployment(config))
