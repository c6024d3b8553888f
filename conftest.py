"""Names the suite's one plugin."""

pytest_plugins = ["fixtures.plugin"]
