"""Healthy deployments that hold other data than the sandbox's seed: green, or unverified for want of data and saying so."""

import pytest

from fixtures.plugin.sandbox_process import Boot
from tests.suites import runs

pytestmark = pytest.mark.slow

# What can be unverified because a deployment is new.
FOR_WANT_OF_DATA = {
    "no-calls-in-window",
    "no-campaign-with-calls",
    "no-completed-call",
    "no-contact-list-with-members",
    "no-contact-or-call",
    "no-contacts-to-look-at",
    "no-finished-call",
    "no-phone-to-mask",
    "no-rows-to-look-at",
}
# The files whose checks read what is there; those that make their own data do not depend on it.
READING = (
    "suites/smoke/test_lists.py",
    "suites/smoke/test_reports.py",
    "suites/integration/test_supabase.py",
    "suites/regression/test_contact_lists.py",
    "suites/regression/test_paging_rules.py",
    "suites/regression/test_privacy.py",
    "suites/regression/test_report_rules.py",
)
LIMIT_S = 60.0  # of one check; who reads every page of 20,000 contacts takes longer
WANTING = {"empty": FOR_WANT_OF_DATA, "one": FOR_WANT_OF_DATA, "other": set[str](), "many": set[str]()}


@pytest.mark.parametrize("data", WANTING)
def test_healthy_deployment_is_not_accused(data: str) -> None:
    boot = Boot("--data", data)
    try:
        run = runs.verify(boot.wait(), *READING)
    finally:
        boot.stop()

    assert "Traceback" not in run.output
    assert set(run.outcomes().values()) <= {"passed", "unverified"}, run.output
    missing = {check["finding"]["cause"] for check in run.data["checks"] if check["outcome"] == "unverified"}
    assert missing <= WANTING[data]
    slow = {check["id"]: check["duration_s"] for check in run.data["checks"] if check["duration_s"] > LIMIT_S}
    assert not slow
