"""The tools that the ways to an empty green are tried on besides this suite: pytest with allure-pytest, and Locust by its recipe.

Both as documented: no strict options, marks registered, the MVP's journey, the exit code set when Locust quits.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from fixtures.product.journeys import JOURNEYS
from tests.servers.forked_pytest import clean_environment
from tests.vacuity import tree
from tests.vacuity.tree import Ended

# What both tools send: journeys that only read the API, which a Locust script of a dozen lines can do as well.
READING = tuple(
    journey for journey in JOURNEYS if not (journey.writes or journey.signed or any(step.web for step in journey.steps))
)
NAMES = tuple(journey.name for journey in READING)

PYPROJECT = """[tool.pytest.ini_options]
testpaths = ["suites"]
pythonpath = ["."]
addopts = "-p no:locust -p no:valkey --import-mode=importlib --alluredir=allure"
markers = ["smoke", "pre-deploy", "privacy", "plan(line)"]
"""
CONFTEST = """import os
from pathlib import Path

import pytest

from fixtures.product import Product

SUITES = Path(__file__).parent / "suites"


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(item.path.relative_to(SUITES).parts[0].replace("_", "-"))


@pytest.fixture
def product():
    return Product(os.environ["TARGET"])
"""
PRODUCT = """from dataclasses import dataclass

import httpx


class Answer:
    def __init__(self, response):
        self.status_code, self.response = response.status_code, response

    @property
    def body(self):
        return self.response.json()


@dataclass
class Product:
    url: str

    def health(self):
        return Answer(httpx.get(f"{self.url}/health"))
"""

LOCUSTFILE = """from locust import FastHttpUser, constant_throughput, events, task


class SampleLogReader(FastHttpUser):
    wait_time = constant_throughput(10)

    def on_start(self):
        person = {{"email": "qa-viewer@example.com", "password": "the-password"}}
        granted = self.client.post("/api/auth/login", json=person).json()
        self.signed = {{"Authorization": "Bearer " + granted["access_token"]}}

{tasks}

@events.quitting.add_listener
def judge(environment, **_):
    total = environment.stats.total
    if total.fail_ratio > 0.01:
        environment.process_exit_code = 1
    elif total.avg_response_time > 500:
        environment.process_exit_code = 1
    elif total.get_response_time_percentile(0.95) > 500:
        environment.process_exit_code = 1
    else:
        environment.process_exit_code = 0
"""
TASK = """    @task({weight})
    def read_{number}(self):
        self.client.get({target!r}, headers=self.signed)
"""


def project(folder: Path) -> Path:
    """A project of pytest alone in which the files of a case mean the same."""
    tree.write(folder, {"pyproject.toml": PYPROJECT, "conftest.py": CONFTEST, "fixtures/product.py": PRODUCT})
    return folder


def locust(folder: Path, url: str, users: int, seconds: float) -> Ended:
    """The reading journeys, each user waiting for its answers as Locust's users do."""
    reads = [(journey.weight, step.target({})) for journey in READING for step in journey.steps]
    tasks = "\n".join(TASK.format(weight=weight, number=number, target=target) for number, (weight, target) in enumerate(reads))
    tree.write(folder, {"locustfile.py": LOCUSTFILE.format(tasks=tasks)})
    options = ["--headless", "--users", str(users), "--spawn-rate", str(users), "--run-time", f"{seconds:g}s", "--only-summary"]
    return _ended(folder, "-f", "locustfile.py", "--host", url, *options)


def ours(profile: Path, rate: float, seconds: float) -> Ended:
    """The load run of this suite, with the same journey at the same rate."""
    options = ["--headless", "--only-summary", f"--rate={rate:g}", f"--duration={seconds:g}", f"--journeys={','.join(NAMES)}"]
    samples = profile.with_name("samples.npz")
    return _ended(tree.ROOT, "-f", "load/locustfile.py", f"--env-file={profile}", f"--samples={samples}", *options)


def _ended(folder: Path, *arguments: str) -> Ended:
    done = subprocess.run(
        [sys.executable, "-m", "locust", *arguments],
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=tree.LIMIT_S,
        check=False,
    )
    return Ended(done.returncode, done.stdout)


def clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
