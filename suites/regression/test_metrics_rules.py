"""Metrics that Prometheus can read and alerts can be computed from (contract 7.1, R-02)."""

import math
from collections import Counter
from collections.abc import Sequence

import pytest

from fixtures.monitoring import exposition
from fixtures.monitoring.exposition import Histogram, Sample
from fixtures.product.nouns import Product
from fixtures.product.response import Response, rows_in
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding, observed
from fixtures.wire.header_values import media_type, parameters
from record.outcome import Blocked

Buckets = Sequence[tuple[float, float]]  # bound and count, from small to large, as `exposition.histograms` gives them
ABSENT = "0badc0de-0000-4000-8000-00000000feed"  # the id of a row that cannot exist
REQUESTS = 3

pytestmark = pytest.mark.plan("W2-D1-T13", "W2-D2-T2")


class Scrape:
    """Pages of metrics, as Prometheus gets them."""

    def __init__(self, product: Product, env: Environment) -> None:
        self._product = product
        self._password = (env.need("metrics.user"), env.need("metrics.password"))

    def page(self) -> Response[str]:
        return self._product.metrics(self._password)

    def samples(self) -> list[Sample]:
        """Blocked for a page that cannot be read: its own check says so."""
        page = self.page()
        try:
            return exposition.parse(page.text)
        except ValueError as error:
            raise Blocked(observed("metrics-unreadable" if page.status_code == 200 else "metrics-refused", page)) from error


@pytest.fixture
def scrape(product: Product, env: Environment) -> Scrape:
    return Scrape(product, env)


@pytest.mark.claims("metrics/type")
def test_metrics_come_as_a_text_exposition(scrape: Scrape) -> None:
    """Prometheus refuses a page whose content type it does not know."""
    page = scrape.page()

    assert page.status_code == 200, finding("metrics-refused", page)
    seen = page.headers.get("content-type", "")
    known = media_type(seen) == "text/plain" and "version" in parameters(seen)  # in whatever order (contract R-02)
    assert known, finding("metrics-content-type-wrong", page, seen=repr(seen), content_type="text/plain; version=0.0.4")


@pytest.mark.claims("metrics/readable")
def test_metrics_can_be_read(scrape: Scrape) -> None:
    """One bad line costs the whole page: no metric, no alert."""
    page = scrape.page()
    if page.status_code != 200:
        raise Blocked(observed("metrics-refused", page))

    wrong = unreadable(page.text)
    assert wrong is None, finding("metrics-unreadable", page, seen=wrong)


@pytest.mark.claims("metrics/refusals-counted")
def test_refused_requests_are_counted(scrape: Scrape, viewer: Product) -> None:
    """Counted by status, or HighErrorRate can never fire."""
    before = scrape.samples()
    answers = Counter[int]()
    for _ in range(REQUESTS):
        answers[viewer.contacts.get(ABSENT).status_code] += 1
        viewer.contacts.list(limit=1)
    after = scrape.samples()

    if counted(after) == counted(before):
        raise Blocked(observed("request-counter-stands-still", "/metrics, http_requests_total", requests=2 * REQUESTS))
    for status, requests in answers.items():
        seen = counted(after, str(status)) - counted(before, str(status))
        assert seen >= requests, finding(
            "errors-not-counted",
            f'/metrics, http_requests_total{{status="{status}"}}',
            seen=f"{seen:g}",
            requests=requests,
            status=status,
        )


@pytest.mark.claims("metrics/path-is-template")
def test_path_label_is_the_route(scrape: Scrape, viewer: Product, product: Product) -> None:
    """The template of the route: raw paths make a series of each id, without end (contract 7.1)."""
    viewer.contacts.get(ABSENT)
    product.get(f"/api/auth/{ABSENT}")
    served = served_id(viewer)

    labels = {sample.labels.get("path", "") for sample in scrape.samples()}
    raw = sorted(path for path in labels if ABSENT in path or served in path)
    assert not raw, finding("metrics-labelled-by-raw-path", "/metrics, path", seen=raw)


@pytest.mark.claims("metrics/buckets-endless")
def test_histograms_reach_infinity(scrape: Scrape) -> None:
    """Without a bucket of everything no percentile can be computed."""
    found = histograms_of(scrape)

    cut = {name for (name, _), buckets, _ in found if not is_endless(buckets)}
    assert not cut, finding("histogram-without-infinity", "/metrics", names=", ".join(sorted(cut)))


@pytest.mark.claims("metrics/buckets-cumulative")
def test_histogram_buckets_grow(scrape: Scrape) -> None:
    """Each bucket holds the smaller ones: percentiles are computed from that."""
    found = histograms_of(scrape)

    shrinking = {name for (name, _), buckets, _ in found if not grow(buckets)}
    assert not shrinking, finding("histogram-not-cumulative", "/metrics", names=", ".join(sorted(shrinking)))


@pytest.mark.claims("metrics/buckets-counted")
def test_histogram_counts_what_is_in_its_buckets(scrape: Scrape) -> None:
    """The mean is computed from `_count`, and percentiles from the buckets: of other requests they contradict each other."""
    whole = [each for each in histograms_of(scrape) if is_endless(each[1])]
    if not whole:
        raise Blocked(observed("histogram-without-infinity", "/metrics", names="all"))

    wrong = {name for (name, _), buckets, count in whole if count not in (None, *held(buckets))}
    assert not wrong, finding("histogram-count-differs", "/metrics", names=", ".join(sorted(wrong)))


def histograms_of(scrape: Scrape) -> list[Histogram]:
    """Those of the page, of which there has to be one."""
    found = list(exposition.histograms(scrape.samples()))
    assert found, finding("no-histogram", "/metrics")
    return found


def grow(buckets: Buckets) -> bool:
    counts = [count for _, count in buckets]
    return counts == sorted(counts)


def is_endless(buckets: Buckets) -> bool:
    return buckets[-1][0] == math.inf


def held(buckets: Buckets) -> tuple[float, float]:
    """How many are in them: where each holds the smaller ones, and where it does not, of which another check tells."""
    return buckets[-1][1], sum(count for _, count in buckets)


def served_id(viewer: Product) -> str:
    """The id of a contact, call or campaign that was read a moment ago; ABSENT where none can be read.

    Not every product labels what it serves and what it does not find alike.
    """
    for noun in (viewer.contacts, viewer.calls, viewer.campaigns):
        listed = noun.list()
        rows = rows_in(listed.body) if listed.status_code == 200 else None
        if rows and noun.get(rows[0]["id"]).status_code == 200:
            return str(rows[0]["id"])
    return ABSENT


def unreadable(text: str) -> str | None:
    """What Prometheus would say of the page, or None."""
    try:
        exposition.parse(text)
    except ValueError as error:
        return f"{error}"[:200]
    return None


def counted(samples: list[Sample], status: str | None = None) -> float:
    """Requests so far, of all statuses or of one."""
    requests = [sample for sample in samples if sample.name == "http_requests_total"]
    return sum(sample.value for sample in requests if status in (None, sample.labels.get("status")))
