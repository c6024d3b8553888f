"""What a run may not ask of its target is refused before anything is sent, with the way out."""

from pathlib import Path

import pytest

from fixtures.profile.environment import load
from fixtures.wire.policy import Policy
from fixtures.wire.refusals import LoadRefused
from load import plans, sizing
from tests.load.product import Small

RATE, DURATION_S = 120.0, 3.0
POSITIVE = "give a --rate and a --duration above 0"
REFUSED: dict[str, tuple[dict[str, str], float, float, str]] = {
    "protected": ({"LV_PROTECTED": "true"}, RATE, DURATION_S, "--allow-load"),
    "above the ceiling": ({"LV_MAX_RPS": "50"}, RATE, DURATION_S, "LV_MAX_RPS=50"),
    "above the target's own limit": ({"LV_RATE_LIMIT_PER_MINUTE": "100"}, RATE, DURATION_S, "100 a minute"),
    "negative rate": ({}, -5.0, DURATION_S, POSITIVE),
    "negative duration": ({}, RATE, -1.0, POSITIVE),
    "not a number": ({}, float("nan"), DURATION_S, POSITIVE),
}


@pytest.mark.parametrize(("profile", "rate", "duration_s", "remedy"), REFUSED.values(), ids=REFUSED)
def test_load_that_may_not_be_is_refused(
    tmp_path: Path, profile: dict[str, str], rate: float, duration_s: float, remedy: str
) -> None:
    env = load(str(Small(port=1).profile(tmp_path, **profile)))

    with pytest.raises(LoadRefused) as refused:
        sizing.check(Policy(env, run_id="lv-test"), rate, duration_s)

    assert remedy in str(refused.value)


def test_load_that_may_be_is_not(tmp_path: Path) -> None:
    """Otherwise the refusals above would show nothing."""
    sizing.check(Policy(load(str(Small(port=1).profile(tmp_path))), run_id="lv-test"), RATE, DURATION_S)


def test_unknown_journey_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    """Also where the profile has nobody to send them as."""
    env = load(str(Small(port=1).profile(tmp_path, LV_VIEWER_EMAIL="", LV_VIEWER_PASSWORD="")))

    with pytest.raises(ValueError, match="known"):
        plans.of_environment(env, "lv-test", RATE, DURATION_S, allow_writes=False, only=["volar a París"])
