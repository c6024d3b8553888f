"""A pytest plugin: the run's files go to the folder that REPORTS_FOLDER names, so that tests leave `reports/out` alone."""

import os
from pathlib import Path


def pytest_cmdline_main() -> None:
    from fixtures import record  # noqa: PLC0415 - pytest has to rewrite its asserts first

    record.OUT = Path(os.environ["REPORTS_FOLDER"])
