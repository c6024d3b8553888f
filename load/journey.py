"""What a signed-in person reads: the requests of the main journey, and how often each is sent."""

from typing import NamedTuple
from urllib.parse import urlencode


class Request(NamedTuple):
    """`weight` is out of 100 requests. Everything here only reads and expects 200."""

    endpoint: str
    target: str
    weight: int
    why: str


def _read(path: str, weight: int, why: str, **query: object) -> Request:
    return Request(f"GET {path}", path + (f"?{urlencode(query)}" if query else ""), weight, why)


# The plan gives no mix. The main journey is to sign in, open campaigns, contacts and calls, and look at the reports
# (contract 12): lists are opened again and again, reports once, and each page asks who is signed in.
JOURNEY = (
    _read("/api/contacts/", 22, "the list that every operator works with", limit=10),
    _read("/api/contacts/search", 10, "typed by hand, on a page already open", q="a", limit=10),
    _read("/api/campaigns/", 18, "the page that opens after signing in", page=1, page_size=10),
    _read("/api/calls/", 20, "looked at while a campaign runs", page=1, page_size=10),
    _read("/api/reports/performance_metrics", 8, "the dearest query of the journey"),
    _read("/api/auth/me", 15, "asked by each page"),
    _read("/health", 7, "what watches the deployment asks for all the time"),
)
