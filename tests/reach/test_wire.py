"""What the client adds to a request and keeps of its answer, and what it does with answers that do not behave."""

import httpx
import httpx2
import pytest

from fixtures import evidence
from fixtures.policy import Policy
from fixtures.transport import ResponseTooLarge
from fixtures.wire import open_wire, open_wire2
from tests.reach.conftest import MakeEnvironment, Sink
from tests.reach.home import Home


@pytest.fixture(autouse=True)
def _fresh_evidence() -> None:
    evidence.start()


def test_request_is_recognisable(client: httpx.Client, home: Home) -> None:
    """A team leaves these out of its analytics and finds them in its logs."""
    answers = [client.get("/"), client.get("/", headers={"user-agent": "phone"})]

    first, second = (arrival.headers for arrival in home.arrivals)
    assert first["x-luz-verde-run"] == "lv-test"
    assert first["user-agent"].startswith("luz-verde/")
    assert second["user-agent"].startswith("phone luz-verde/")
    assert first["x-luz-verde-request"] == answers[0].request.headers["x-luz-verde-request"]
    assert first["x-luz-verde-request"] != second["x-luz-verde-request"]


@pytest.mark.writes("posts to a server of the test's own")
def test_exchange_is_kept(client: httpx.Client) -> None:
    answer = client.post("/api/thing", json={"a": 1})

    kept = evidence.last_exchange()
    assert kept
    assert (kept.method, kept.url, kept.status, kept.request_body) == ("POST", str(answer.url), 200, b'{"a":1}')
    assert kept.response_body == answer.content
    assert kept.request_id == answer.request.headers["x-luz-verde-request"]


def test_failed_exchange_is_kept(client: httpx.Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/hang")

    kept = evidence.last_exchange()
    assert kept
    assert kept.status is None
    assert kept.error
    assert kept.error.startswith("RemoteProtocolError")


def test_packed_answer_is_kept_unpacked(client: httpx.Client) -> None:
    answer = client.get("/packed")

    assert answer.text == "unpacked"
    assert answer.headers["content-encoding"] == "gzip"
    kept = evidence.last_exchange()
    assert kept
    assert kept.response_body == b"unpacked"


@pytest.mark.parametrize("path", ["/large", "/bomb"])
def test_answer_without_end_is_cut(path: str, client: httpx.Client, policy: Policy, home: Home) -> None:
    with pytest.raises(ResponseTooLarge):
        client.get(path)
    with open_wire2(policy.env, policy, home.url) as twin, pytest.raises(ResponseTooLarge):
        twin.get(path)


@pytest.mark.parametrize("part", ["headers", "body"])
def test_dripping_answer_ends(part: str, policy: Policy, home: Home) -> None:
    """Each pause is short enough; the whole is not."""
    with open_wire(policy.env, policy, home.url, timeout_s=0.3) as client, pytest.raises(httpx.ReadTimeout):
        client.get(f"/drip/{part}")
    with open_wire2(policy.env, policy, home.url, timeout_s=0.3) as twin, pytest.raises(httpx2.ReadTimeout):
        twin.get(f"/drip/{part}")


def test_hanging_target_costs_the_time_limit(policy: Policy, home: Home) -> None:
    with open_wire(policy.env, policy, home.url, timeout_s=0.1) as client, pytest.raises(httpx.ReadTimeout):
        client.get("/hang")


def test_failed_request_is_not_repeated(client: httpx.Client, home: Home) -> None:
    with pytest.raises(httpx.HTTPError):
        client.get("/hang")

    assert len(home.arrivals) == 1


def test_own_rate_limit_is_not_measured(environment_of: MakeEnvironment, home: Home) -> None:
    """The wait for our turn is ours, not the target's."""
    env = environment_of(max_rps=4.0)
    with open_wire(env, Policy(env, run_id="lv-test"), home.url) as client:
        client.get("/")
        second = client.get("/")

    assert second.elapsed.total_seconds() < 0.2


def test_redirect_is_not_followed_unasked(client: httpx.Client, sink: Sink) -> None:
    assert client.get("/to", params={"status": 302, "where": sink.url}).status_code == 302
    assert client.get("/to", params={"status": 302, "where": "/there"}, follow_redirects=True).json() == {"path": "/there"}


def test_cookie_does_not_travel_to_the_next_check(client: httpx.Client, home: Home) -> None:
    first = client.get("/")
    client.get("/")

    assert "set-cookie" in first.headers
    assert "cookie" not in home.arrivals[1].headers


def test_token_is_sent(policy: Policy, home: Home) -> None:
    with open_wire(policy.env, policy, home.url, token="t-1") as client:
        client.get("/")

    assert home.arrivals[0].headers["authorization"] == "Bearer t-1"


def test_streamed_body_is_seen_and_sent(client: httpx.Client, home: Home) -> None:
    """A generator can be read once only; the guard reads it, and the target still gets it."""
    client.post("/api/auth/login", content=iter([b'{"email"', b": 1}"]), headers={"content-length": "12"})

    assert home.arrivals[0].body == b'{"email": 1}'


def test_certificate_is_verified(environment_of: MakeEnvironment) -> None:
    """A target with a certificate of its own making is refused, not trusted."""
    import ssl  # noqa: PLC0415
    import threading  # noqa: PLC0415
    from http.server import BaseHTTPRequestHandler, HTTPServer  # noqa: PLC0415

    import trustme  # noqa: PLC0415 - a part of the sandbox's installation

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority = trustme.CA()
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # a refused handshake is what is wanted
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        port = server.server_address[1]
        env = environment_of(allowed_hosts=frozenset({("127.0.0.1", port)}))
        client = open_wire(env, Policy(env, run_id="lv-test"), f"https://127.0.0.1:{port}")
        with client, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            client.get("/")
        server.shutdown()
