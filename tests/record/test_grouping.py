"""Of many findings the one nearest to the cause comes first, and what may follow from it stands below."""

from dataclasses import replace

from record import grouping
from record.finding import Finding
from record.grouping import ACCEPTED, Group
from record.run import Check

OWN = ("https://mvp.example",)
LIST, LOGIN, HEALTH = (f"GET {OWN[0]}/api/contacts/", f"POST {OWN[0]}/api/auth/login", f"GET {OWN[0]}/health")
VENDOR = "GET https://vendor.example/v1/things"
Operations = dict[str, list[int]]


def failed(name: str, about: str, uses: Operations | None = None, **finding: str) -> Check:
    where = f"{about}?limit=1, request id lv-1, 0.1 s"
    found = Finding(
        finding.get("expected", "200"), finding.get("seen", f"{name} saw it"), where, "look", finding.get("cause", "")
    )
    operations = {about: (200,), **{used: tuple(statuses) for used, statuses in (uses or {}).items()}}
    return Check(name, "smoke", "failed", 0.1, finding=found, operations=operations)


def names(groups: list[Group]) -> list[str]:
    return [member.id for group in groups for member in group.members]


def test_same_finding_is_shown_once() -> None:
    one, two = failed("a", LIST, seen="500"), failed("b", LOGIN, seen="500")

    assert [names([group]) for group in grouping.grouped([one, two], OWN)] == [["a", "b"]]


def test_check_that_uses_less_leads() -> None:
    """The page uses the list that is broken, and fails with it."""
    page = failed("a page", f"GET {OWN[0]}/contacts", {LIST: [200]})
    listing = failed("the list", LIST)
    groups = grouping.grouped([page, listing], OWN)

    assert names(groups) == ["the list"]
    assert names(groups[0].consequences) == ["a page"]


def test_own_finding_leads_before_a_stumble() -> None:
    """A check that fell over a KeyError says less than one that says what it looked for."""
    stumbled = failed("a", LIST, cause="unexpected-shape")
    named = failed("b", LIST, {LOGIN: [200]})

    groups = grouping.grouped([stumbled, named], OWN)

    assert names(groups) == ["b"]
    assert names(groups[0].consequences) == ["a"]


def test_page_that_breaks_leads_those_who_visit_it() -> None:
    page = failed("the page", f"{OWN[0]}/contacts in Chromium as iPhone SE")
    page = replace(page, operations={f"GET {OWN[0]}/contacts": (200,)})
    sign_out = failed("sign-out", f"{OWN[0]}/ in Chromium as Desktop Chrome", seen="no menu")
    sign_out = replace(sign_out, operations={f"GET {OWN[0]}/contacts": (200,), f"GET {OWN[0]}/": (200,)})
    groups = grouping.grouped([sign_out, page], OWN)

    assert names(groups) == ["the page"]
    assert names(groups[0].consequences) == ["sign-out"]


def test_accepted_request_leads() -> None:
    """What the product must never do is read before what it does otherwise than expected."""
    opened = failed("b", LIST, {LOGIN: [200]}, cause=f"{ACCEPTED}trace")
    groups = grouping.grouped([failed("a", LOGIN), opened], OWN)

    assert names(groups)[0] == "b"


def test_smoke_leads_before_finer_rules() -> None:
    """Of two that use as little as each other."""
    fine = replace(failed("a", LIST, seen="another"), stage="regression")
    groups = grouping.grouped([fine, failed("b", LOGIN)], OWN)

    assert names(groups) == ["b", "a"]


def test_findings_that_share_nothing_stand_side_by_side() -> None:
    assert names(grouping.grouped([failed("a", LIST), failed("b", LOGIN)], OWN)) == ["a", "b"]


def test_degraded_health_leads_all_that_met_errors() -> None:
    health = failed("z health", HEALTH, {HEALTH: [503]})
    login = failed("login", LOGIN, {LOGIN: [500]})
    header = failed("header", f"GET {OWN[0]}/")
    groups = grouping.grouped([login, header, health], OWN)

    assert names(groups) == ["z health", "header"]
    assert names(groups[0].consequences) == ["login"]


def test_wrong_word_of_a_healthy_health_page_leads_nothing() -> None:
    """A version that is wrong explains no server error."""
    groups = grouping.grouped([failed("version", HEALTH), failed("login", LOGIN, {LOGIN: [500]})], OWN)

    assert sorted(names(groups)) == ["login", "version"]


def test_vendor_that_is_down_leads_what_stands_on_it() -> None:
    vendor, login = failed("vendor", VENDOR, {VENDOR: [503]}), failed("login", LOGIN, {LOGIN: [503]})
    groups = grouping.grouped([login, vendor], OWN)

    assert names(groups) == ["vendor"]
    assert names(groups[0].consequences) == ["login"]


def test_failures_come_before_what_was_blocked() -> None:
    blocked = replace(failed("a", LIST), outcome="blocked")

    assert names(grouping.grouped([blocked, failed("b", LOGIN)], OWN)) == ["b", "a"]


def test_ids_and_queries_make_no_other_operation() -> None:
    one = failed("a", f"GET {OWN[0]}/api/contacts/0190f0a2-3b4c-7d5e-8f60-718293a4b5c6", {})
    uses = failed("b", LOGIN, {f"GET {OWN[0]}/api/contacts/{{id}}": [404]})

    assert names(grouping.grouped([one, uses], OWN)[0].consequences) == ["b"]
