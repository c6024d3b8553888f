"""Each cause once, what a team reads first on top, and below it only what met the very failure that it found."""

from dataclasses import replace

from record import grouping
from record.finding import Finding
from record.grouping import Group
from record.run import Check

OWN = ("https://mvp.example",)
LIST, LOGIN, HEALTH = (f"GET {OWN[0]}/api/contacts/", f"POST {OWN[0]}/api/auth/login", f"GET {OWN[0]}/health")
PAGE = f"{OWN[0]}/contacts in Chromium as iPhone SE"
CREATION, CALL = f"POST {OWN[0]}/api/contacts/", f"POST {OWN[0]}/api/calls/"
VENDOR, STORE = "GET https://vendor.example/v1/things", "GET https://project.example/rest/v1/contacts"
# One cause of each kind, and what a check says that fell over something.
DOWN, REFUSED, OPEN, GRAVE, LIGHT = (
    "request-not-served",
    "right-password-refused",
    "data-open-without-token",
    "contact-change-wrong",
    "row-fields-missing",
)
HEADER, STUMBLE, CRASH = "security-headers-missing", "unexpected-shape", "naive-date-crashes"
Operations = dict[str, list[int]]


def failed(name: str, about: str, cause: str, uses: Operations | None = None, *, seen: str = "", severity: int = 1) -> Check:
    where = about if about == PAGE else f"{about}?limit=1, request id lv-1, 0.1 s"
    found = Finding("200", seen or f"{name} saw it", where, "look", cause, severity)  # type: ignore[arg-type] # 1 to 3
    operations: dict[str, tuple[int, ...]] = {about: (200,)} if about != PAGE else {}
    operations |= {used: tuple(statuses) for used, statuses in (uses or {}).items()}
    return Check(name, "smoke", "failed", 0.1, finding=found, operations=operations)


def names(groups: list[Group]) -> list[str]:
    return [member.id for group in groups for member in group.members]


def led(*checks: Check) -> dict[str, list[str]]:
    """The leading checks in order, with what follows from each."""
    groups = grouping.grouped(checks, OWN)
    return {" ".join(names([group])): names(group.consequences) for group in groups}


def test_one_cause_is_one_finding_wherever_it_was_seen() -> None:
    tables = [failed(name, f"GET {OWN[0]}/rest/{name}", OPEN, seen=f"rows of {name}") for name in ("calls", "contacts")]

    assert led(*tables) == {"calls contacts": []}


def test_what_only_stumbled_is_one_finding_where_it_says_the_same() -> None:
    one, two, three = failed("a", LIST, "", seen="500"), failed("b", LOGIN, "", seen="500"), failed("c", LOGIN, "", seen="else")

    assert led(one, two, three) == {"a b": [], "c": []}


def test_what_a_status_shows_is_one_finding_an_area() -> None:
    """Whatever was looked for at each of its routes; another area is another finding."""
    paths = {"list": "/api/contacts/", "export": "/api/contacts/export/csv", "calls": "/api/calls/"}
    checks = [failed(name, f"GET {OWN[0]}{path}", DOWN, seen="500 Internal Server Error") for name, path in paths.items()]

    assert led(*checks) == {"list export": [], "calls": []}


def test_an_area_that_fails_explains_what_fails_in_it() -> None:
    """Reading finds it, and whoever writes there meets it, too; who is refused there has another reason."""
    down = failed("down", LIST, "route-answers-5xx", seen="500 Internal Server Error")
    write = failed("write", f"POST {OWN[0]}/api/contacts/", DOWN, seen="500 Internal Server Error")
    refused = failed("refused", f"POST {OWN[0]}/api/contacts/", "request-token-refused", seen="401 Unauthorized")

    assert led(down, write, refused) == {"down": ["write"], "refused": []}


def test_of_one_cause_only_what_met_a_dead_route_follows() -> None:
    """Who falls over a route that serves nobody has found nothing; where the route serves the others, it is a mistake."""
    down = failed("down", LIST, "route-answers-5xx", seen="500 Internal Server Error")
    met = failed("met", f"POST {OWN[0]}/api/contacts/", CRASH, seen="500 Internal Server Error")
    found = failed("found", f"GET {OWN[0]}/api/calls/?end_date=x", CRASH, seen="500 Internal Server Error")
    crashes = [replace(each, stage="regression") for each in (met, found)]

    assert led(*crashes, down) == {"down": ["met"], "found": []}


def test_who_cannot_sign_in_stands_beside_a_route_that_refuses_good_tokens() -> None:
    """Both in one area, with one status: the login lets nobody in, and `me` takes no token."""
    route = failed("route", f"GET {OWN[0]}/api/auth/me", "token-opens-not-every-router", seen="401 Unauthorized")
    login = replace(failed("login", LOGIN, REFUSED, seen="401 Unauthorized"), stage="regression")

    assert led(route, login) == {"route": [], "login": []}


def test_each_script_error_is_a_finding_on_all_its_pages() -> None:
    """A page whose script is dead and another whose script is dead otherwise are two things to repair."""
    seen = {"a": "x is undefined", "b": "x is undefined", "c": "y is not a function"}
    checks = [failed(name, PAGE, "page-script-error", seen=text) for name, text in seen.items()]

    assert led(*checks) == {"a b": [], "c": []}


def test_order_is_availability_sign_in_exposure_then_grave_to_light() -> None:
    causes = {"header": HEADER, "light": LIGHT, "grave": GRAVE, "open": OPEN, "refused": REFUSED, "down": DOWN}
    severities = {"header": 2, "light": 2}
    checks = [failed(name, f"GET {OWN[0]}/api/{name}", cause, severity=severities.get(name, 1)) for name, cause in causes.items()]

    assert list(led(*checks)) == ["down", "refused", "open", "grave", "light", "header"]


def test_kind_counts_only_where_it_stops_a_release() -> None:
    slow = failed("slow", HEALTH, DOWN, severity=2)

    assert list(led(slow, failed("grave", LIST, GRAVE))) == ["grave", "slow"]


def test_the_same_failed_exchange_follows() -> None:
    lists = failed("list", LIST, DOWN, {LIST: [500]})
    page = failed("page", PAGE, LIGHT, {LIST: [200, 500]})

    assert led(page, lists) == {"list": ["page"]}


def test_the_same_operation_that_was_answered_does_not() -> None:
    """That both asked for it says nothing."""
    lists = failed("list", LIST, DOWN, {LIST: [500]})
    fields = failed("fields", LIST, LIGHT, {LIST: [200]})

    assert led(fields, lists) == {"list": [], "fields": []}


def test_the_same_refusal_follows() -> None:
    refused = failed("right", f"PATCH {OWN[0]}/api/campaigns/x", GRAVE, seen="405 Method Not Allowed: ''")
    journey = failed("journey", f"PATCH {OWN[0]}/api/campaigns/x", LIGHT, seen="405 Method Not Allowed: ''", severity=2)
    other = failed("other", f"PATCH {OWN[0]}/api/campaigns/x", HEADER, seen="404 Not Found: ''", severity=2)

    assert led(journey, refused, other) == {"right": ["journey"], "other": []}


def test_a_stumble_follows_who_speaks_of_the_same_request() -> None:
    stumbled, named = failed("a", LIST, STUMBLE), failed("b", LIST, GRAVE, {LOGIN: [200]})

    assert led(stumbled, named) == {"b": ["a"]}
    assert led(failed("a", LOGIN, STUMBLE), named) == {"b": [], "a": []}


def test_headers_and_texts_explain_nothing() -> None:
    header = failed("header", LIST, HEADER, {LIST: [500]})
    lists = failed("list", LIST, LIGHT, {LIST: [500]}, severity=3)

    assert led(header, lists) == {"header": [], "list": []}


def test_what_is_shown_to_strangers_follows_from_nothing() -> None:
    """An error that tells too much is a mistake of its own, whatever made the error."""
    down = failed("down", LIST, DOWN, {LIST: [500]}, seen="500 Internal Server Error")
    tells = failed("tells", LIST, "error-reveals-internals", {LIST: [500]}, seen="'SELECT': 500")

    assert led(down, tells) == {"down": [], "tells": []}


def test_refused_sign_in_explains_what_fails_at_it() -> None:
    login = failed("login", LOGIN, REFUSED, seen="401 Unauthorized")
    refresh = failed("refresh", LOGIN, GRAVE, seen="401 Unauthorized")
    listing = failed("list", LIST, LIGHT, {LOGIN: [401]}, seen="rows are missing")

    assert led(refresh, login, listing) == {"login": ["refresh"], "list": []}


def test_degraded_health_explains_all_that_met_errors() -> None:
    health = failed("health", HEALTH, "health-names-broken-parts", {HEALTH: [503]})
    login = failed("login", LOGIN, REFUSED, {LOGIN: [500]})
    header = failed("header", f"GET {OWN[0]}/", HEADER)

    assert led(login, header, health) == {"health": ["login"], "header": []}


def test_cache_that_is_down_explains_no_whole_route_and_no_refusal() -> None:
    """What stands on Redis may stumble over it; a crash and a refused token have causes of their own."""
    health = failed("health", HEALTH, "health-names-broken-parts", {HEALTH: [503]})
    told = replace(health.finding, facts={"parts": "redis"})  # type: ignore[type-var] # it has one
    stumbled = failed("journey", CALL, "journey-step-not-served", {CALL: [500]}, seen="500 Internal Server Error")
    crash = failed("crash", LIST, "route-answers-5xx", {LIST: [500]}, seen="500 Internal Server Error")
    refused = failed("refused", LIST, "token-opens-not-every-router", {LIST: [401]}, seen="401 Unauthorized")

    assert led(refused, crash, stumbled, replace(health, finding=told)) == {"health": ["journey"], "refused": [], "crash": []}


def test_wrong_word_of_a_healthy_health_page_explains_nothing() -> None:
    """A version that is wrong explains no server error."""
    version, login = failed("version", HEALTH, GRAVE), failed("login", LOGIN, REFUSED, {LOGIN: [500]})

    assert led(version, login) == {"login": [], "version": []}


def test_store_that_is_down_explains_what_stands_on_it() -> None:
    store = failed("store", STORE, DOWN, {STORE: [503]}, seen="503 Service Unavailable")
    login = failed("login", LOGIN, REFUSED, {LOGIN: [503]})
    listed = failed("list", LIST, DOWN, {LIST: [500]}, seen="500 Internal Server Error")

    assert led(login, listed, store) == {"store": ["list", "login"]}


def test_vendor_that_is_down_explains_what_is_ordered_of_it() -> None:
    """Nobody needs a telephone line to read a list; and what does not even start has a cause of its own there."""
    vendor = failed("vendor", VENDOR, "twilio-unavailable", {VENDOR: [503]})
    call = failed("call", CALL, GRAVE, {CALL: [502]}, seen="502 Bad Gateway")
    listed = failed("list", LIST, "route-answers-5xx", {LIST: [500]}, seen="500 Internal Server Error")
    created = failed("create", CREATION, GRAVE, {CREATION: [500]}, seen="500 Internal Server Error")

    assert led(call, created, listed, vendor) == {"vendor": ["call"], "list": ["create"]}


def test_right_at_a_vendor_explains_no_error_of_the_product() -> None:
    rights = failed("rights", VENDOR, "supabase-inserts-open-to-anonymous", {VENDOR: [503]})
    lists = failed("list", LIST, DOWN, {LIST: [500]})

    assert led(lists, rights) == {"list": [], "rights": []}


def test_smoke_leads_before_finer_rules() -> None:
    """Of two that use as little as each other."""
    fine = replace(failed("a", LIST, GRAVE), stage="regression")

    assert list(led(fine, failed("b", LOGIN, "campaign-change-not-stored"))) == ["b", "a"]


def test_failures_come_before_what_was_blocked() -> None:
    blocked = replace(failed("a", LIST, DOWN), outcome="blocked")

    assert list(led(blocked, failed("b", LOGIN, HEADER))) == ["b", "a"]


def test_ids_and_queries_make_no_other_operation() -> None:
    one = failed("a", f"GET {OWN[0]}/api/contacts/0190f0a2-3b4c-7d5e-8f60-718293a4b5c6", GRAVE, seen="500 it", severity=1)
    one = replace(one, operations={f"GET {OWN[0]}/api/contacts/{{id}}": (500,)})
    two = failed("b", PAGE, LIGHT, {f"GET {OWN[0]}/api/contacts/{{id}}": [500]}, severity=2)

    assert led(two, one) == {"a": ["b"]}


def test_cause_of_another_version_of_the_suite_is_read() -> None:
    assert led(failed("a", LIST, "cause-that-nobody-knows")) == {"a": []}


def test_server_error_of_several_files_is_one_finding() -> None:
    """Which file met it is chance; a file that is missing is a mistake of that file."""
    broken = [failed(name, PAGE, "page-file-answers-5xx", seen=f"503 /static/{name}.js") for name in ("shell", "session")]
    missing = [failed(name, PAGE, "page-script-missing", seen=f"404 /static/{name}.js") for name in ("list", "tags")]

    assert led(*broken, *missing) == {"shell session": [], "list": [], "tags": []}
