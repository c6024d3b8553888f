"""Every way out of a browser that we know of ends at the guard: nothing reaches somebody else.

Each way is taken twice: first allowed, to see that it is a way at all, then not.
"""

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from fixtures.chromium import Chromium
from tests.browser.servers import Permits, Site

Take = Callable[[str, Callable[[], object]], None]

ELEMENT = "const e = document.createElement('{}'); e.{} = there; document.body.append(e)"
HEAD = "document.head.innerHTML += `{}`"
LEAVING = "addEventListener('pagehide', () => {}); location.href = '/other'"
# Run in a page of the product. `there` is somebody else's address; /away redirects to it.
WAYS = {
    "fetch": "fetch(there)",
    "fetch, no CORS": "fetch(there, {mode: 'no-cors'})",
    "fetch, POST": "fetch(there, {method: 'POST', body: 'x'})",
    "fetch, preflight": "fetch(there, {method: 'PUT', body: 'x'})",
    "fetch, redirect": "fetch('/away')",
    "fetch, POST redirect": "fetch('/away-as-it-is', {method: 'POST', body: 'x'})",
    "navigation, redirect": "location.href = '/away'",
    "XHR": "const r = new XMLHttpRequest(); r.open('GET', there); r.send()",
    "image": "new Image().src = there",
    "image, redirect": "new Image().src = '/away'",
    "iframe": ELEMENT.format("iframe", "src"),
    "iframe srcdoc": "const e = document.createElement('iframe'); e.srcdoc = `<img src='${there}'>`; document.body.append(e)",
    "object": ELEMENT.format("object", "data"),
    "script": ELEMENT.format("script", "src"),
    "video": ELEMENT.format("video", "src"),
    "form": "const e = document.createElement('form'); e.method = 'POST'; e.action = there; document.body.append(e); e.submit()",
    "meta refresh": HEAD.format("<meta http-equiv=refresh content='0; url=${there}'>"),
    "location": "location.href = there",
    "window.open": "window.open(there)",
    "window.open, noopener": "window.open(there, '_blank', 'noopener')",
    "WebSocket": "new WebSocket(there.replace('http', 'ws'))",
    "beacon": "navigator.sendBeacon(there, 'x')",
    "link, ping": "const e = document.createElement('a'); e.href = '#x'; e.ping = there; document.body.append(e); e.click()",
    "link, download": "const e = document.createElement('a'); e.href = '/away'; e.download = ''; e.click()",
    "EventSource": "new EventSource(there)",
    "style sheet": HEAD.format("<link rel=stylesheet href='${there}'>"),
    "CSS url()": "document.body.style.background = `url(${there})`",
    "CSS @import": HEAD.format("<style>@import '${there}'</style>"),
    "font": "new FontFace('x', `url(${there})`).load()",
    "module import": "import(there)",
    "prefetch": HEAD.format("<link rel=prefetch href='${there}'>"),
    "preload": HEAD.format("<link rel=preload as=image href='${there}'>"),
    "module preload": HEAD.format("<link rel=modulepreload href='${there}'>"),
    "worker": "new Worker(URL.createObjectURL(new Blob([`fetch('${there}')`])))",
    "shared worker": "new SharedWorker(URL.createObjectURL(new Blob([`fetch('${there}')`])))",
    "service worker": "navigator.serviceWorker.register(`/worker.js?${encodeURIComponent(there)}`)",
    "service worker, import": "navigator.serviceWorker.register(`/importing.js?${encodeURIComponent(there)}`)",
    "leaving, beacon": LEAVING.format("navigator.sendBeacon(there, 'x')"),
    "leaving, keepalive": LEAVING.format("fetch(there, {method: 'POST', keepalive: true, mode: 'no-cors'})"),
    "fetchLater": "fetchLater(there, {method: 'POST', activateAfter: 0})",
    "CSP report": HEAD.format("<iframe src='/reporting'></iframe>"),
}


@pytest.fixture
def take(browser: Chromium, site: Site, sink: Site) -> Take:
    """Run a script in a fresh profile, and wait until something came of it."""
    there = f"{sink.url}/x"
    site.page("/other", "<!doctype html><link rel=icon href=data:,>otra")
    site.page("/away", "", status=302, location=there)
    site.page("/away-as-it-is", "", status=307, location=there)
    site.page("/worker.js", "fetch(decodeURIComponent(location.search.slice(1)))", content_type="text/javascript")
    site.page("/importing.js", "importScripts(decodeURIComponent(location.search.slice(1)))", content_type="text/javascript")
    site.page("/reporting", "<img src=http://a.example>", content_security_policy=f"default-src 'none'; report-uri {there}")

    def taken(way: str, until: Callable[[], object]) -> None:
        context = browser.profile("Desktop Chrome")
        page = context.new_page()
        page.goto(site.url)
        page.evaluate(f"(there) => {{ {way} }}", there)
        deadline = time.monotonic() + 5
        while not until() and time.monotonic() < deadline:
            context.pages[0].wait_for_timeout(10)
        context.close()

    return taken


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_way_out_is_closed(take: Take, browser: Chromium, permits: Permits, sink: Site, way: str) -> None:
    """Not even a connection: the guard asks before it opens one."""
    permits.origins.add(sink.url)
    permits.unsafe = True
    take(way, lambda: sink.requests)
    assert sink.requests, "allowed, this way must lead there, or refusing it proves nothing"

    permits.origins.remove(sink.url)
    sink.arrived.clear()
    take(way, lambda: browser.gate.trouble)

    assert sink.arrived == []
    assert any(
        trouble.url.split("://")[1].startswith(sink.url.split("://")[1]) and trouble.is_refusal
        for trouble in browser.gate.trouble
    )


UNSAFE_WAYS = {
    name: way.replace("there", "'/x'")
    for name, way in WAYS.items()
    if name in ("fetch, POST", "form", "beacon", "link, ping", "leaving, beacon", "leaving, keepalive", "fetchLater")
}


@pytest.mark.parametrize("way", UNSAFE_WAYS.values(), ids=UNSAFE_WAYS)
def test_unsafe_method_to_the_product_is_refused(take: Take, browser: Chromium, site: Site, way: str) -> None:
    """The product's own pages may not write either, unless the check may; and the check hears of it."""
    take(way, lambda: browser.gate.trouble)

    assert [line for line in site.requests if not line.startswith("GET")] == []
    assert [trouble.method for trouble in browser.gate.trouble] == ["POST"]
    assert browser.gate.trouble[0].is_refusal


@pytest.fixture
def udp_sink() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        yield listener


STUN = """async (port) => {
    const peer = new RTCPeerConnection({iceServers: [{urls: `stun:127.0.0.1:${port}`}]})
    peer.createDataChannel('x')
    await peer.setLocalDescription(await peer.createOffer())
    await new Promise(done => {
        peer.onicegatheringstatechange = () => peer.iceGatheringState == 'complete' && done()
        setTimeout(done, 1000)
    })
}"""
TURN = STUN.replace("stun:127.0.0.1:${port}`", "turn:127.0.0.1:${port}?transport=udp`, username: 'x', credential: 'x'")
WEB_TRANSPORT = """async (port) => {
    const hash = {algorithm: 'sha-256', value: new Uint8Array(32)}
    await new WebTransport(`https://127.0.0.1:${port}/`, {serverCertificateHashes: [hash]}).ready.catch(() => 0)
}"""


@pytest.mark.parametrize("script", [STUN, TURN, WEB_TRANSPORT], ids=["STUN", "TURN", "WebTransport"])
def test_no_datagram_leaves(browser: Chromium, site: Site, udp_sink: socket.socket, script: str) -> None:
    """UDP knows no proxy: it has to be off."""
    page = browser.profile("Desktop Chrome").new_page()
    page.goto(site.url)
    page.evaluate(script, udp_sink.getsockname()[1])
    page.context.close()

    with pytest.raises(BlockingIOError):
        udp_sink.recv(1)


def test_datagrams_leave_an_unguarded_browser(browser: Chromium, site: Site, udp_sink: socket.socket) -> None:
    """What the tests above see nothing of does exist."""
    unguarded = browser._playwright.chromium.launch(executable_path=browser._path)
    page = unguarded.new_page(ignore_https_errors=True)
    page.goto(site.url)
    page.evaluate(STUN, udp_sink.getsockname()[1])
    unguarded.close()

    assert udp_sink.recv(1)


def test_turn_over_tcp_is_closed(browser: Chromium, site: Site, sink: Site) -> None:
    """WebRTC may use TCP too."""
    page = browser.profile("Desktop Chrome").new_page()
    page.goto(site.url)
    page.evaluate(TURN.replace("udp", "tcp"), sink.port)
    page.context.close()

    assert sink.arrived == []
