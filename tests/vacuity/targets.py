"""Targets, profiles and waivers with which everything could look fine."""

import datetime as dt

from record.finding import Finding
from tests.fixtures.plugin.product_server import as_json
from tests.servers.loopback import Reply
from tests.vacuity.case import FINDING, TWO, Case, check
from tests.vacuity.tree import ROOT

LISTS, LIVENESS, SHARED = (
    "suites/smoke/test_lists.py",
    "suites/smoke/test_liveness.py",
    ("suites/moving.py", "suites/claiming.py"),
)
REAL = {name: (ROOT / name).read_text(encoding="utf-8") for name in (LISTS, LIVENESS, *SHARED)}
PORTAL = Reply(200, b"<!doctype html><title>Bienvenido a la red del hotel</title>", {"content-type": "text/html"})
AWAY = Reply(302, headers={"location": "/welcome"})
FINE = as_json({"status": "ok", "version": "1.0.0"})
DOWN = as_json({"detail": "boom"}, 500)
PATHS = (
    "GET /",
    "GET /login",
    "GET /api/contacts/",
    "GET /api/campaigns/",
    "GET /api/calls/",
    "GET /api/lists/",
    "POST /api/auth/login",
)

TARGETS = {
    "a captive portal": Case((7,), "Bienvenido a la red del hotel", replies={"GET /health": PORTAL}),
    "a portal that sends everybody away": Case((7,), "302 Found", replies={"GET /health": AWAY}),
    "a host that answers 200 to everything": Case(
        (1,), "not hold", {LIVENESS: REAL[LIVENESS]}, replies=dict.fromkeys(PATHS, FINE), plain=False
    ),
    "health is fine and everything behind it is 500": Case(
        (1, 7),
        "500 Internal Server Error",
        {name: REAL[name] for name in (LISTS, *SHARED)},
        replies=dict.fromkeys(PATHS, DOWN),
        plain=False,
    ),
    "a stale build": Case(
        (1,),
        "test_deployed_build_is_the_one_we_meant",
        {LIVENESS: REAL[LIVENESS]},
        arguments=("-k", "deployed_build"),
        replies={"GET /health": as_json({"status": "ok", "version": "0.9.9"})},
        profile=("LV_EXPECTED_VERSION=1.0.0",),
        plain=False,
    ),
    "nobody said which build was meant": Case(
        (6,),
        "does not set LV_EXPECTED_VERSION",
        {TWO: check("env.need('expected_version')\nassert product").replace("(product)", "(product, env)")},
        plain=False,
    ),
    "a target that is down": Case((7,), "", replies={"GET /health": Reply(503, b"no backend")}),
}

PROFILES = {
    "an empty profile": Case(
        (4,), "has no settings", {"empty.env": ""}, arguments=("-m", "smoke", "--env-file=empty.env"), plain=False
    ),
    "every host allowed": Case((4,), "LV_ALLOWED_HOSTS", profile=("LV_ALLOWED_HOSTS=*",), plain=False),
    "zero seconds to answer": Case((4,), "LV_TIMEOUT_S", profile=("LV_TIMEOUT_S=0",), plain=False),
    "a mistyped key": Case((4,), "Did you mean LV_EXPECTED_VERSION?", profile=("LV_EXPECTED_VERSON=1.0.0",), plain=False),
    "staging that points at production": Case(
        (4,),
        "llamadas.example belongs to the protected profile prod",
        {
            "envs/staging.env": (ROOT / "envs/prod.env")
            .read_text(encoding="utf-8")
            .replace("LV_PROTECTED=true", "LV_PROTECTED=false")
        },
        arguments=("-m", "smoke", "--env=staging"),
        plain=False,
    ),
    "production that points at staging": Case(
        (4,),
        "staging.llamadas.example belongs to profile staging",
        {
            "envs/prod.env": (ROOT / "envs/staging.env")
            .read_text(encoding="utf-8")
            .replace("LV_PROTECTED=false", "LV_PROTECTED=true")
        },
        arguments=("-m", "smoke", "--env=prod"),
        plain=False,
    ),
    "two environments named at once": Case(
        (4,),
        "name two environments",
        {"local.env": "LV_API_URL={target}\nLV_WEB_URL={target}\nLV_PROTECTED=false\n"},
        arguments=("-m", "smoke", "--env=staging"),
        environment={"PYTEST_ADDOPTS": "--env-file=local.env"},
        plain=False,
    ),
    "nobody to sign in as": Case(
        (6,),
        "the profile few does not set LV_VIEWER_EMAIL, LV_VIEWER_PASSWORD (next: set LV_VIEWER_EMAIL",
        {
            TWO: check("assert sign_in('viewer')").replace("(product)", "(sign_in)"),
            "few.env": "LV_API_URL={target}\nLV_WEB_URL={target}\nLV_PROTECTED=false\n",
        },
        arguments=("-m", "smoke", "--env-file=few.env"),
        plain=False,
    ),
}

KNOWN = Finding("no leftovers", "7 leftovers", "", "")
REJECTED, ACCEPTED = (Finding("401 without a token", f"{status} from the product", "", "") for status in (403, 200))
TODAY = dt.datetime.now(dt.UTC).date()


def waiver(
    found: Finding,
    *,
    until: dt.date = TODAY,
    name: str = "known.toml",
    check: str = f"{TWO}::test_it",
    release: str = "v1.0.0-MVP",
    more: str = "",
) -> dict[str, str]:
    who = f'person = "Ana"\nrole = "QA Lead"\nstatement = "known"\nrelease = "{release}"\ndate = 2026-01-01\n'
    told = f'check = "{check}"\nfingerprint = "{found.fingerprint}"\n{who}expires = {until}\n{more}'
    return {f"reports/waivers/{name}": told}


def failing(found: Finding) -> dict[str, str]:
    """A check that ends with this finding."""
    built = f"Message(Finding({found.expected!r}, {found.seen!r}, 'it', 'remove them'))"
    return {TWO: check(f"assert not product, {built}", above=FINDING)}


FAR = dt.date(2999, 12, 31)
YESTERDAY = TODAY - dt.timedelta(days=1)
CLOCK = f"""import datetime as dt
import time
import pytest

class Past(dt.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls({YESTERDAY.year}, {YESTERDAY.month}, {YESTERDAY.day}, tzinfo=tz)

@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main():
    from record import waivers
    dt.datetime = Past
    time.time = lambda: Past.now(dt.UTC).timestamp()
    waivers.CLOCK_TOLERANCE_S = 10**9
"""
WAIVERS = {
    "a waiver that has expired": Case((1,), "1 claim does not hold", failing(KNOWN) | waiver(KNOWN, until=YESTERDAY)),
    "a waiver for another release": Case((1,), "1 claim does not hold", failing(KNOWN) | waiver(KNOWN, release="v1.0.1")),
    "a waiver for another environment": Case(
        (1,), "1 claim does not hold", failing(KNOWN) | waiver(KNOWN, more='environment = ["prod"]\n')
    ),
    "a waiver whose evidence changed": Case(
        (4,),
        "known.toml:9: evidence/mail.txt was changed since",
        failing(KNOWN)
        | waiver(KNOWN, more=f'[[evidence]]\nfile = "evidence/mail.txt"\nsha256 = "{"0" * 64}"\n')
        | {"reports/waivers/evidence/mail.txt": "agreed"},
    ),
    "a waiver of tomorrow": Case(
        (4,),
        "is yet to come",
        failing(KNOWN) | {name: text.replace("2026-01-01", "2999-01-01") for name, text in waiver(KNOWN, until=FAR).items()},
    ),
    "a waiver that is mistyped": Case(
        (4,),
        "expire is no key here; write expires",
        failing(KNOWN) | {"reports/waivers/known.toml": 'check = "x"\nexpire = 2030-01-01\n'},
    ),
    "a waiver with a date that two people read differently": Case(
        (4,),
        "is ambiguous",
        failing(KNOWN) | {name: text.replace(str(TODAY), '"01/02/2030"') for name, text in waiver(KNOWN).items()},
    ),
    "a waiver in a file of another kind": Case((4,), "is no file NAME.toml", failing(KNOWN) | waiver(KNOWN, name="known.tmol")),
    "a waiver for a check that does not exist": Case(
        (4,), "no check is named", failing(KNOWN) | waiver(KNOWN, check=f"{TWO}::test_that")
    ),
    "a waiver that would hide another finding": Case(
        (1,), "1 claim does not hold", failing(Finding("no leftovers", "rows of another tenant", "", "")) | waiver(KNOWN)
    ),
    "a waiver that would hide another status": Case((1,), "1 claim does not hold", failing(ACCEPTED) | waiver(REJECTED)),
    "a waiver kept alive by a clock set back": Case(
        (6,),
        "off the target's: whether it has expired is unknown",
        failing(KNOWN) | waiver(KNOWN, until=YESTERDAY) | {"tests/set_back.py": CLOCK},
        arguments=("-m", "smoke", "-p", "tests.set_back"),
    ),
    "a waiver from the future of this machine": Case(
        (4,),
        "was written in the future",
        failing(KNOWN) | waiver(KNOWN) | {"tests/future.py": CLOCK.replace("10**9", "120.0")},
        arguments=("-m", "smoke", "-p", "tests.future"),
    ),
}
