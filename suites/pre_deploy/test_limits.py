"""Requests and sign-ins have a limit, and only the client that exceeds it is refused (contract R-09, R-10).

A check that provokes a lock does so as a user who does not exist. Running into the limit of requests itself would take the
address of this machine from all other checks for a minute, so what is claimed of it is what its headers say.
"""

import itertools
import json
import secrets
from collections.abc import Sequence
from typing import Any

import pytest

from fixtures.product.entrances import refusal
from fixtures.product.identities import People
from fixtures.product.nouns import Product, Tokens
from fixtures.product.response import Response
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding, observed
from fixtures.wire.header_values import seconds_to_wait, whole_number
from record.outcome import Blocked

TIMES = 6
LOCK_S = 900  # contract R-10

Failures = Sequence[Response[Tokens]]

pytestmark = pytest.mark.limits


@pytest.fixture(scope="module")
def failures(people: People, env: Environment) -> Failures:
    """One series for all checks that look at it, made when it is known whether the viewer may sign in."""
    if "viewer" in env.identities:
        people.refused("viewer")
    return failed_sign_ins(people.anonymous, env)


@pytest.mark.plan("W1-D3-T5")
@pytest.mark.claims("header/api-refusal/limit")
def test_limit_is_that_of_the_environment(product: Product, env: Environment) -> None:
    """Each answer to a stranger names the limit of addresses (contract R-09)."""
    answer = product.accounts.me()

    seen = answer.headers.get("x-ratelimit-limit")
    assert seen, finding("rate-limit-header-missing", answer, seen="-", header="X-RateLimit-Limit")
    assert whole_number(seen) == env.limits.rate_limit_per_minute, finding(
        "rate-limit-differs", answer, seen=f"X-RateLimit-Limit: {seen or '-'}", limit=env.limits.rate_limit_per_minute
    )


@pytest.mark.plan("W1-D3-T5")
@pytest.mark.claims("header/api-refusal/remaining", "header/api-refusal/counted")
def test_each_request_uses_some_of_the_limit(product: Product) -> None:
    """In one counter for all workers: two counters serve twice as much as is allowed."""
    require_counted(some_requests(product), "requests-not-counted", product)


@pytest.mark.plan("W1-D3-T5")
@pytest.mark.claims("header/api-refusal/counted")
def test_refused_requests_use_some_of_the_limit(product: Product) -> None:
    """Guessing tokens is what the limit is for: it has to stand in front of the authentication."""
    answers = [product.get("/api/contacts/", token=secrets.token_urlsafe(12)) for _ in range(TIMES)]

    require_counted(answers, "refused-requests-not-counted", product)


@pytest.mark.plan("W1-D3-T5")
@pytest.mark.claims("header/api-forwarded/counted")
def test_client_cannot_choose_its_address(product: Product) -> None:
    """A limit by address is none when a header of the client says the address."""
    claimed = [f"203.0.113.{secrets.randbelow(254) + 1}" for _ in range(TIMES)]  # reserved for documentation: RFC 5737
    answers = [product.get("/api/auth/me", headers={"x-forwarded-for": address}) for address in claimed]

    require_counted(answers, "client-address-believed", product)


@pytest.mark.plan("W1-D3-T5", "W1-D4-T4")
@pytest.mark.claims("header/health/uncounted")
def test_probes_use_nothing_of_the_limit(product: Product) -> None:
    """A probe that is answered with 429 restarts a healthy container (contract R-09)."""
    answers = [product.health() for _ in range(3)]

    left = [answer.headers.get("x-ratelimit-remaining") for answer in answers]
    assert len(set(left)) == 1, finding("probes-counted-against-limit", answers[-1], seen=left)


@pytest.mark.plan("W1-D3-T5")
@pytest.mark.claims("session/lock/other-account/status")
def test_lock_of_one_account_leaves_the_others(sign_in: People, failures: Failures, product: Product, env: Environment) -> None:
    """Wrong passwords of one user lock no other user at the same address out."""
    require_served(failures)
    sign_in.require_login("viewer")
    identity = env.identities["viewer"]
    answer = product.accounts.login(identity.email, identity.password)
    if answer.status_code == 401:  # a lock is told as one
        raise Blocked(refusal("viewer", answer))

    assert answer.status_code == 200, finding("login-lock-of-whole-address", answer)


@pytest.mark.plan("W1-D3-T5")
@pytest.mark.claims("session/lock/seventh-failure/status")
def test_login_locks_after_repeated_failures(failures: Failures, sign_in: People) -> None:
    """Passwords cannot be guessed without limit (contract R-10)."""
    require_served(failures)
    seen = [answer.status_code for answer in failures]
    if seen[-1] != 429:
        sign_in.require_login_now("viewer")  # of a login that refuses everybody its refusals say nothing

    assert seen[-1] == 429, finding("login-never-locks", failures[-1], seen=seen, attempts=len(seen))


@pytest.mark.plan("W1-D3-T5")
@pytest.mark.claims("session/lock/fifth-failure/not-locked")
def test_few_mistakes_lock_nobody_out(failures: Failures, env: Environment) -> None:
    """As many as the lock allows are refused for themselves only (contract R-10)."""
    answers = failures[: env.limits.login_lock_attempts]
    require_served(answers)
    if answers[0].status_code == 429:  # before any mistake of this account
        raise Blocked(observed("login-lock-of-whole-address", answers[0]))

    seen = [answer.status_code for answer in answers]
    assert 429 not in seen, finding("login-locks-too-early", answers[seen.index(429)], seen=seen, attempts=len(seen))


@pytest.mark.plan("W1-D3-T5")
@pytest.mark.claims("session/lock/seventh-failure/retry-after-within-15-min")
def test_locked_login_says_when_to_come_back(failures: Failures) -> None:
    """Within 15 minutes (contract R-10)."""
    locked = failures[-1]

    seen = locked.headers.get("retry-after", "")
    wait_s = seconds_to_wait(seen)
    holds = wait_s is not None and 0 < wait_s <= LOCK_S
    assert locked.status_code != 429 or holds, finding(
        "login-lock-retry-after-wrong", locked, seen=f"Retry-After: {seen or '-'}", most_s=LOCK_S
    )


@pytest.mark.plan("W1-D3-T5")
@pytest.mark.claims("session/lock/many-successes/status")
def test_signing_in_often_locks_nobody(product: Product, env: Environment, sign_in: People) -> None:
    """Failures are counted, not sign-ins."""
    sign_in.require_login("viewer")
    identity = env.identities["viewer"]
    answers = [product.accounts.login(identity.email, identity.password) for _ in range(env.limits.login_lock_attempts + 2)]

    if answers[0].status_code != 200:
        raise Blocked(refusal("viewer", answers[0]))
    seen = [answer.status_code for answer in answers]
    assert set(seen) == {200}, finding("successful-sign-ins-counted", answers[-1], seen=seen)


def failed_sign_ins(product: Product, env: Environment) -> Failures:
    """The answers to two wrong passwords more than the lock allows, of an account that does not exist.

    They end with the first server error: what comes after it would say the same.
    """
    email = f"{secrets.token_hex(8)}@example.com"
    answers: list[Response[Tokens]] = []
    for number in range(env.limits.login_lock_attempts + 2):
        answers.append(product.accounts.login(email, f"guess-{number}"))
        if answers[-1].status_code >= 500:
            break
    return answers


def require_served(answers: Failures) -> None:
    """Blocked where a sign-in ends in a server error: what is not looked at cannot be counted."""
    for answer in answers:
        if answer.status_code >= 500:
            raise Blocked(observed("sign-in-not-served", answer))


def some_requests(product: Product) -> Sequence[Response[Any]]:
    return [product.accounts.me() for _ in range(TIMES)]


def require_counted(answers: Sequence[Response[Any]], cause: str, product: Product) -> None:
    """The cause where they are not, and others are: where no request is counted as it should be, that is the mistake."""
    left = remaining(answers)
    counted = falls(left)
    if not counted and not falls(remaining(some_requests(product))):
        cause = "requests-not-counted"
    assert counted, finding(cause, answers[-1], seen=left)


def remaining(answers: Sequence[Response[Any]]) -> list[int]:
    """What each answer says is left of the limit."""
    headers = [answer.headers.get("x-ratelimit-remaining") for answer in answers]
    left = [number for text in headers if (number := whole_number(text)) is not None]
    assert len(left) == len(headers), finding(
        "rate-limit-header-missing", answers[-1], seen=json.dumps(headers), header="X-RateLimit-Remaining"
    )
    return left


def falls(left: Sequence[int]) -> bool:
    """Each leaves less than the one before, but for one new window in between. Others may use the same limit meanwhile."""
    not_less = [(before, after) for before, after in itertools.pairwise(left) if after >= before]
    return not not_less or (len(not_less) == 1 and not_less[0][1] > not_less[0][0])
