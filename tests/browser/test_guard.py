"""The guard in front of the browser carries what is allowed without changing it, and trusts no certificate on sight."""

import asyncio
import gzip
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme
from websockets.sync.server import ServerConnection, serve

from fixtures.chromium import NOWHERE, Chromium
from tests.browser.servers import Permits, Site, serving

FETCHED = "async ([url, options]) => { const r = await fetch(url, options); return [r.status, await r.text()] }"


def test_certificate_of_the_known_authority_is_accepted(browser: Chromium, site: Site) -> None:
    """The local authority of a profile counts as any other, and the page is a secure context."""
    page = browser.profile("Desktop Chrome").new_page()
    answer = page.goto(site.url)

    assert answer
    assert answer.status == 200
    assert page.evaluate("isSecureContext")
    page.context.close()


@pytest.mark.parametrize("case", ["another authority", "another name"])
def test_other_certificate_is_refused(browser: Chromium, permits: Permits, authority: trustme.CA, case: str) -> None:
    """One that the guard does not trust, or that was made for somebody else: no request is sent, and the reason is told."""
    ca, name = (trustme.CA(), "127.0.0.1") if case == "another authority" else (authority, "other.example")
    with serving(ca, name) as stranger:
        permits.origins.add(stranger.url)
        page = browser.profile("Desktop Chrome").new_page()
        with pytest.raises(Exception, match="net::ERR_"):
            page.goto(stranger.url)

        assert stranger.requests == []
        assert isinstance(browser.gate.trouble[0].error, ssl.SSLCertVerificationError)
        page.context.close()


def test_chromium_trusts_no_key_but_the_guards(browser: Chromium, authority: trustme.CA) -> None:
    """Even a browser that found a way around the guard would not talk to anybody."""
    with serving(authority) as stranger:
        context = browser._browser.new_context(proxy={"server": NOWHERE, "bypass": "127.0.0.1"})
        with pytest.raises(Exception, match="net::ERR_CERT_AUTHORITY_INVALID"):
            context.new_page().goto(stranger.url)
        context.close()


def test_outside_of_a_profile_nothing_leaves(browser: Chromium, site: Site) -> None:
    """What Chromium sends on its own behalf ends at the discard port."""
    context = browser._browser.new_context()
    with pytest.raises(Exception, match="net::ERR_PROXY_CONNECTION_FAILED"):
        context.new_page().goto(site.url)
    context.close()

    assert site.arrived == []


def test_requests_are_recognisable(browser: Chromium, site: Site, permits: Permits) -> None:
    """The run's id is on each request without the page knowing: no preflight for it."""
    page = browser.profile("iPhone 15", sender="luz-verde/0.1").new_page()
    page.goto(site.url)
    page.context.close()

    assert site.headers["x-luz-verde-run"] == "lv-test"
    assert site.headers["x-luz-verde-request"] == permits.exchanges[0].request_id
    assert site.headers["user-agent"].startswith("Mozilla/5.0 (iPhone")
    assert site.headers["user-agent"].endswith(" luz-verde/0.1")


def test_no_preflight_is_caused(browser: Chromium, site: Site, sink: Site, permits: Permits) -> None:
    """Headers that the page did not set itself would make the browser ask first, and fail where CORS is strict."""
    permits.origins.add(sink.url)
    sink.page("/data", "datos")
    page = browser.profile("Desktop Chrome").new_page()
    page.goto(site.url)

    assert page.evaluate(FETCHED, [f"{sink.url}/data", {}]) == [200, "datos"]
    assert sink.requests == ["GET /data"]
    assert sink.headers["x-luz-verde-run"] == "lv-test"
    page.context.close()


def test_body_reaches_the_policy_and_the_product(browser: Chromium, site: Site, permits: Permits) -> None:
    """A number that must not be dialled stands in the body."""
    permits.unsafe = True
    site.page("/api/calls/", '{"id": 1}', status=201, content_type="application/json")
    page = browser.profile("Desktop Chrome").new_page()
    page.goto(site.url)
    body = '{"phone_number": "+15005550006"}' * 5000

    assert page.evaluate(FETCHED, ["/api/calls/", {"method": "POST", "body": body}]) == [201, '{"id": 1}']
    kept = permits.exchanges[-1]
    assert (kept.method, kept.status, kept.request_body.decode()) == ("POST", 201, body)
    assert kept.response_body == b'{"id": 1}'
    page.context.close()


def test_address_is_written_as_the_page_writes_it(browser: Chromium) -> None:
    """Without the default port that CONNECT adds, so that a refusal can be matched with the page's request."""
    page = browser.profile("Desktop Chrome").new_page()
    for url in ("https://elsewhere.example/x", "http://elsewhere.example/x"):
        with pytest.raises(Exception, match="net::ERR_"):
            page.goto(url)
    page.context.close()

    assert [trouble.url for trouble in browser.gate.trouble] == ["https://elsewhere.example/x", "http://elsewhere.example/x"]


def test_one_connection_carries_many_requests(browser: Chromium, site: Site) -> None:
    """A page with thirty parts would otherwise shake hands thirty times."""
    page = browser.profile("Desktop Chrome").new_page()
    page.goto(site.url)
    for number in range(5):
        page.evaluate(FETCHED, [f"/?{number}", {}])
    page.context.close()

    assert site.arrived.count("a connection") == 1
    assert len(site.requests) == 6


class Scripted:
    """A plain server that says exactly these bytes to each connection."""

    def __init__(self, answer: bytes) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._answer = answer
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(self._answer)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


ANSWERS = {
    "until the end of the connection": (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhola", "hola"),
    "in chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhol\r\n1\r\na\r\n0\r\n\r\n", "hola"),
    "of HTTP/1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nhola", "hola"),
    "after early hints": (b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhola", "hola"),
    "without content": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""),
    "compressed": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b"hola"), "hola"),
}


@pytest.mark.parametrize(("answer", "text"), ANSWERS.values(), ids=ANSWERS)
def test_answer_is_carried(browser: Chromium, permits: Permits, answer: bytes, text: str) -> None:
    """Whatever form HTTP gives it; the evidence keeps it readable."""
    server = Scripted(answer)
    permits.origins.add(server.url)
    page = browser.profile("Desktop Chrome").new_page()
    page.goto(server.url)
    assert page.locator("body").inner_text() == text
    page.context.close()
    server.close()

    assert permits.exchanges[0].response_body.decode() == text
    assert browser.gate.trouble == []


BROKEN = {
    "nothing": b"",
    "noise": b"\x00\x01\x02 hello\r\n\r\n",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhola",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_broken_answer_is_told(browser: Chromium, permits: Permits, answer: bytes) -> None:
    """The page sees a broken connection, and the check what broke it."""
    server = Scripted(answer)
    permits.origins.add(server.url)
    page = browser.profile("Desktop Chrome").new_page()
    with pytest.raises(Exception, match=r"net::ERR_|Timeout"):  # Chromium waits for the rest of half a page
        page.goto(server.url, timeout=1000)
    page.context.close()
    server.close()

    assert browser.gate.trouble
    assert not any(trouble.is_refusal for trouble in browser.gate.trouble)


@pytest.fixture
def echo(authority: trustme.CA) -> Iterator[str]:
    """A WebSocket that says everything twice, over TLS."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)

    def twice(connection: ServerConnection) -> None:
        for message in connection:
            connection.send(message)
            connection.send(message)

    with serve(twice, "127.0.0.1", 0, ssl=tls) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"wss://127.0.0.1:{server.socket.getsockname()[1]}/ws"


ASKED = """(url) => new Promise((done, fail) => {
    const socket = new WebSocket(url), heard = []
    socket.onopen = () => socket.send('x'.repeat(200000))
    socket.onmessage = event => heard.push(event.data.length) == 2 && done(heard)
    socket.onerror = fail
})"""


def test_websocket_is_carried(browser: Chromium, site: Site, permits: Permits, echo: str) -> None:
    """Both ways, in messages larger than one record of TLS."""
    permits.origins.add(echo.replace("wss", "https").removesuffix("/ws"))
    page = browser.profile("Desktop Chrome").new_page()
    page.goto(site.url)

    assert page.evaluate(ASKED, echo) == [200000, 200000]
    assert [exchange.url for exchange in permits.exchanges if exchange.status == 101] == [echo]
    page.context.close()


def test_other_code_may_use_asyncio(running: Chromium) -> None:
    """Playwright's loop is hidden while no check uses the browser."""

    async def nothing() -> str:
        return "done"

    assert running.is_alive
    assert asyncio.run(nothing()) == "done"
