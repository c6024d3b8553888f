"""Whatever library opens the socket: it does not reach an address that is not the environment's."""

import asyncio
import http.client
import socket
import urllib.request
from collections.abc import Callable, Generator
from types import SimpleNamespace

import pytest

from fixtures import deployment, sockets, stages
from fixtures.refusals import HostNotAllowed
from tests.reach.conftest import MakeEnvironment, Sink
from tests.reach.home import Home


@pytest.fixture
def fence(home: Home) -> Generator[None]:
    with sockets.raised(sockets.Fence(lambda: [("127.0.0.1", home.port)])):
        yield


def _urllib(port: int) -> object:
    return urllib.request.urlopen(f"http://127.0.0.1:{port}/")


def _http_client(port: int) -> object:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read()
    finally:
        connection.close()


def _requests(port: int) -> object:
    import requests  # noqa: PLC0415, TID251 - a way around is what this tries

    return requests.get(f"http://127.0.0.1:{port}/", timeout=5)


def _plain_httpx(port: int) -> object:
    import httpx  # noqa: PLC0415

    return httpx.get(f"http://127.0.0.1:{port}/")  # noqa: TID251 - a way around is what this tries


def _streams(port: int) -> object:
    async def go() -> object:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await writer.wait_closed()
        return reader

    return asyncio.run(go())


def _websocket(port: int) -> object:
    from websockets.sync.client import connect  # noqa: PLC0415

    with connect(f"ws://127.0.0.1:{port}/"):
        return None


def _connect_ex(port: int) -> object:
    with socket.socket() as plain:
        return plain.connect_ex(("127.0.0.1", port))


def _mapped(port: int) -> None:
    with socket.socket(socket.AF_INET6) as plain:
        plain.connect(("::ffff:127.0.0.1", port))


def _by_name(port: int) -> None:
    with socket.socket() as plain:
        plain.connect(("localhost", port))


WAYS: dict[str, Callable[[int], object]] = {
    "socket": lambda port: socket.create_connection(("127.0.0.1", port)),
    "socket by name": _by_name,
    "socket mapped to IPv6": _mapped,
    "connect_ex": _connect_ex,
    "urllib": _urllib,
    "http.client": _http_client,
    "requests": _requests,
    "httpx without the wire": _plain_httpx,
    "asyncio streams": _streams,
    "websockets": _websocket,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.usefixtures("fence")
def test_connection_is_not_made(way: Callable[[int], object], sink: Sink) -> None:
    with pytest.raises(HostNotAllowed):
        way(sink.port)

    assert sink.arrivals == 0


@pytest.mark.parametrize("send", ["sendto", "sendmsg", "connect"])
@pytest.mark.usefixtures("fence")
def test_datagram_is_not_sent(send: str, sink: Sink) -> None:
    there = ("127.0.0.1", sink.datagram_port)
    ways: dict[str, Callable[[socket.socket], object]] = {
        "sendto": lambda plain: plain.sendto(b"x", there),
        "sendmsg": lambda plain: plain.sendmsg([b"x"], [], 0, there),
        "connect": lambda plain: plain.connect(there),
    }
    with socket.socket(type=socket.SOCK_DGRAM) as plain, pytest.raises(HostNotAllowed):
        ways[send](plain)

    assert sink.arrivals == 0


@pytest.mark.usefixtures("fence")
def test_environment_is_reached(home: Home) -> None:
    _http_client(home.port)

    assert len(home.arrivals) == 1


@pytest.mark.usefixtures("fence")
def test_process_may_talk_to_itself() -> None:
    """A test server, an event loop's own pair of sockets, a browser's guard."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_connection(listener.getsockname()).close()


def test_sink_counts_what_reaches_it(sink: Sink) -> None:
    """Without the fence the same ways lead there; otherwise an empty sink would prove nothing."""
    before = sink.arrivals
    socket.create_connection(("127.0.0.1", sink.port)).close()
    with socket.socket(type=socket.SOCK_DGRAM) as plain:
        plain.sendto(b"x", ("127.0.0.1", sink.datagram_port))

    assert sink.arrivals == before + 2


def test_check_is_fenced_in_from_set_up_to_clean_up(sink: Sink, environment_of: MakeEnvironment) -> None:
    """Before the environment is known, and for a check that is `offline`, nothing may be reached at all."""
    config = SimpleNamespace(stash=pytest.Stash())
    item = SimpleNamespace(path=stages.SUITES / "smoke" / "test_x.py", config=config)
    around = sockets.pytest_runtest_protocol(item)  # type: ignore[arg-type] # what the hook looks at of an item
    before = sink.arrivals

    next(around)
    with pytest.raises(HostNotAllowed):
        socket.create_connection(("127.0.0.1", sink.port))
    config.stash[deployment.ENVIRONMENT] = environment_of(allowed_hosts=frozenset({("127.0.0.1", sink.port)}))
    socket.create_connection(("127.0.0.1", sink.port)).close()
    del config.stash[deployment.ENVIRONMENT]
    with pytest.raises(StopIteration):
        next(around)
    socket.create_connection(("127.0.0.1", sink.port)).close()

    assert sink.arrivals == before + 2
