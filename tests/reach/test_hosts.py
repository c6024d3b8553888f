"""Ways to another host, and none of them leads there. The sink counts what arrives at an address that is not allowed."""

import contextlib
import threading
from collections.abc import Callable, Generator

import httpx
import pytest

from fixtures.policy import Policy, outgoing
from fixtures.refusals import HostNotAllowed
from fixtures.wire import open_wire, open_wire2
from tests.reach.conftest import MakeEnvironment, Sink
from tests.reach.home import Home

Way = Callable[[httpx.Client, Sink, Home], object]


class _TwoSteps(httpx.Auth):
    """An authentication that asks somebody else first."""

    def __init__(self, url: str) -> None:
        self._url = url

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        yield httpx.Request("GET", self._url)
        yield request


def _rebased(client: httpx.Client, sink: Sink, _: Home) -> object:
    client.base_url = httpx.URL(sink.url)
    return client.get("/")


def _streamed(client: httpx.Client, sink: Sink, _: Home) -> object:
    with client.stream("GET", sink.url) as answer:
        return answer.read()


def _hooked(client: httpx.Client, sink: Sink, _: Home) -> object:
    def divert(request: httpx.Request) -> None:
        request.url = httpx.URL(sink.url)

    client.event_hooks = {"request": [divert]}
    return client.get("/")


def _chained(client: httpx.Client, sink: Sink, home: Home) -> object:
    inner = f"{home.url}/to?status=302&where={sink.url}/"
    return client.get("/to", params={"status": 302, "where": inner}, follow_redirects=True)


def _next_request(client: httpx.Client, sink: Sink, _: Home) -> object:
    answer = client.get("/to", params={"status": 302, "where": sink.url})
    assert answer.next_request
    return client.send(answer.next_request)


WAYS: dict[str, Way] = {
    "absolute address": lambda client, sink, _: client.get(sink.url),
    "other port of an allowed name": lambda client, sink, _: client.get(f"http://127.0.0.1:{sink.port}/api/"),
    "another name for the machine": lambda client, sink, _: client.get(f"http://localhost:{sink.port}/"),
    "upper case": lambda client, sink, _: client.get(f"HTTP://LOCALHOST:{sink.port}/"),
    "final dot": lambda client, sink, _: client.get(f"http://localhost.:{sink.port}/"),
    "decimal address": lambda client, sink, _: client.get(f"http://2130706433:{sink.port}/"),
    "hexadecimal address": lambda client, sink, _: client.get(f"http://0x7f000001:{sink.port}/"),
    "octal address": lambda client, sink, _: client.get(f"http://0177.0.0.1:{sink.port}/"),
    "short address": lambda client, sink, _: client.get(f"http://127.1:{sink.port}/"),
    "unspecified address": lambda client, sink, _: client.get(f"http://0.0.0.0:{sink.port}/"),
    "address mapped to IPv6": lambda client, sink, _: client.get(f"http://[::ffff:127.0.0.1]:{sink.port}/"),
    "user name before the host": lambda client, sink, home: client.get(f"http://127.0.0.1:{home.port}@127.0.0.1:{sink.port}/"),
    "fullwidth digits": lambda client, sink, _: client.get(f"http://１２７.0.0.1:{sink.port}/"),
    "another scheme": lambda client, sink, _: client.get(f"https://127.0.0.1:{sink.port}/"),
    "send of a request": lambda client, sink, _: client.send(httpx.Request("GET", sink.url)),
    "base address changed": _rebased,
    "stream": _streamed,
    "event hook": _hooked,
    "authentication flow": lambda client, sink, _: client.get("/", auth=_TwoSteps(sink.url)),
    "chain of redirects": _chained,
    "redirect followed by hand": _next_request,
    "absolute target": lambda client, sink, _: client.get("/", extensions={"target": f"{sink.url}/".encode()}),
    "target that begins with two slashes": lambda client, sink, _: client.get(
        "/", extensions={"target": f"//127.0.0.1:{sink.port}/".encode()}
    ),
    "name in the TLS greeting": lambda client, *_: client.get("/", extensions={"sni_hostname": "elsewhere.example.net"}),
    "header Host of somebody else": lambda client, sink, _: client.get("/", headers={"host": f"127.0.0.1:{sink.port}"}),
    "header Host of a real site": lambda client, *_: client.get("/", headers={"host": "www.iana.org"}),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_client_does_not_leave_the_environment(way: Way, client: httpx.Client, sink: Sink, home: Home) -> None:
    """Whatever the address looks like, the guard sees the host that would be connected to."""
    with pytest.raises((HostNotAllowed, httpx.InvalidURL, httpx.UnsupportedProtocol)):
        way(client, sink, home)

    assert sink.arrivals == 0


def test_address_without_scheme_stays_below_the_base_address(client: httpx.Client, sink: Sink, home: Home) -> None:
    client.get(f"//127.0.0.1:{sink.port}/")

    assert (len(home.arrivals), sink.arrivals) == (1, 0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.writes("posts to a server of the test's own")
def test_redirect_does_not_leave_the_environment(status: int, method: str, client: httpx.Client, sink: Sink) -> None:
    """Each hop passes the guard, also where a POST becomes a GET on the way."""
    with pytest.raises(HostNotAllowed):
        client.request(method, "/to", params={"status": status, "where": sink.url}, follow_redirects=True)

    assert sink.arrivals == 0


def test_proxy_settings_of_the_machine_are_ignored(
    policy: Policy, home: Home, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would see tokens and would be what is measured."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, sink.url)
    with open_wire(policy.env, policy, home.url) as client:
        assert client.get("/").status_code == 200

    assert sink.arrivals == 0


def test_thread_is_guarded_too(client: httpx.Client, sink: Sink) -> None:
    def leave() -> None:
        with contextlib.suppress(HostNotAllowed):
            client.get(sink.url)

    thread = threading.Thread(target=leave)
    thread.start()
    thread.join()

    assert sink.arrivals == 0


def test_twin_client_does_not_leave_the_environment(policy: Policy, home: Home, sink: Sink) -> None:
    """httpx2 is what newer vendor SDKs send through."""
    with open_wire2(policy.env, policy, home.url) as client:
        assert client.get("/").json() == {"path": "/"}
        with pytest.raises(HostNotAllowed):
            client.get(sink.url)
        with pytest.raises(HostNotAllowed):
            client.get("/to", params={"status": 302, "where": sink.url}, follow_redirects=True)

    assert sink.arrivals == 0


def test_twilio_sdk_speaks_to_the_profile_only(environment_of: MakeEnvironment, home: Home, sink: Sink) -> None:
    """api.twilio.com becomes the profile's address; Twilio's other hosts are not known here."""
    from twilio.rest import Client  # type: ignore[import-untyped] # noqa: PLC0415 - the SDK ships no types; one test needs it

    from fixtures.twilio_wire import TwilioHttp  # noqa: PLC0415

    env = environment_of(twilio_api_base_url=home.url)
    with open_wire(env, Policy(env, run_id="lv-test"), home.url) as client:
        sdk = Client("AC" + "0" * 32, "secret", http_client=TwilioHttp(client, home.url))
        sdk.api.accounts("AC" + "0" * 32).fetch()
        with pytest.raises(HostNotAllowed):
            sdk.lookups.v2.phone_numbers("+15005550006").fetch()

    assert home.arrivals[0].path == "/2010-04-01/Accounts/" + "AC" + "0" * 32 + ".json"
    assert "luz-verde/" in home.arrivals[0].headers["user-agent"]
    assert sink.arrivals == 0


def test_supabase_sdk_speaks_to_the_profile_only(client: httpx.Client, home: Home, sink: Sink) -> None:
    from supabase import ClientOptions, create_client  # noqa: PLC0415 - one test needs it

    def sdk(url: str) -> object:
        options = ClientOptions(httpx_client=client, postgrest_client_retry=False, auto_refresh_token=False)
        return create_client(url, "anon-key", options).table("contacts").select("*").execute()

    sdk(home.url)
    with pytest.raises(HostNotAllowed):
        sdk(sink.url)

    assert home.arrivals[0].headers["apikey"] == "anon-key"
    assert sink.arrivals == 0


@pytest.mark.parametrize(
    "url",
    [
        "https://good.example@evil.example/",
        "https://good.example\\@evil.example/",
        "https://good.example\n.evil.example/",
        "https://good.example /",
        "file:///etc/passwd",
        "https:///no-host",
        "https://good.example:99999/",
        "gopher://good.example/",
        "https://good.example.evil.example/",
        "https://evil.example/good.example",
        "https://good.example:8443/",
        "https://xn--good-example.example/",
        "https://ｇood.example.evil.example/",
    ],
)
def test_text_address_is_read_strictly(url: str, environment_of: MakeEnvironment) -> None:
    """Load and the browser ask the policy with an address in text form."""
    policy = Policy(environment_of(allowed_hosts=frozenset({("good.example", 443)})), run_id="lv-test")

    with pytest.raises(HostNotAllowed):
        policy.admit(outgoing("GET", url))


@pytest.mark.parametrize(
    "url", ["https://good.example/a", "HTTPS://GOOD.example:443/a", "wss://good.example/ws", "https://[::1]:8443/"]
)
def test_allowed_address_in_any_spelling(url: str, environment_of: MakeEnvironment) -> None:
    policy = Policy(environment_of(allowed_hosts=frozenset({("good.example", 443), ("::1", 8443)})), run_id="lv-test")

    policy.admit(outgoing("GET", url))


def test_nobodys_name_may_be_claimed(client: httpx.Client, home: Home) -> None:
    """A check of host header reflection needs this; a name under .example routes nowhere."""
    client.get("/", headers={"host": "evil.example"})

    assert home.arrivals[0].headers["host"] == "evil.example"
