"""A certificate that does not prove who the target is: refused, and the finding says what is wrong with it."""

import datetime as dt
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from tests.inputs import product_server
from tests.inputs.invocation import verify

YESTERDAY = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
CERTIFICATES: dict[str, tuple[Callable[[trustme.CA], trustme.LeafCert], bool, str]] = {
    "expired": (lambda ca: ca.issue_cert("127.0.0.1", not_after=YESTERDAY), True, "certificate has expired"),
    "of another host": (lambda ca: ca.issue_cert("shop.example"), True, "IP address mismatch"),
    "of an unknown authority": (lambda ca: ca.issue_cert("127.0.0.1"), False, "unable to get local issuer certificate"),
}


def _context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


@pytest.mark.parametrize(("issue", "trusted", "says"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_certificate_that_proves_nothing_blocks_the_run(
    issue: Callable[[trustme.CA], trustme.LeafCert], trusted: bool, says: str, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    more = [f"LV_CA_FILE={tmp_path / 'ca.pem'}"] if trusted else []
    with product_server.serving(tls=_context(issue(authority))) as home:
        outcome = verify("suites/smoke/test_liveness.py", "--env-file", str(home.write_profile(tmp_path, *more)))

    assert outcome.code == 7
    assert outcome.outcomes == {"blocked"}
    [finding] = outcome.findings
    assert says in finding
    assert "LV_CA_FILE" in finding, "the way out names the key for an authority of one's own"
    assert not home.arrivals, "a request went to a target that did not prove who it is"
    assert "Traceback" not in outcome.text


def test_certificate_of_the_profiles_own_authority_is_fine(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with product_server.serving(tls=_context(authority.issue_cert("127.0.0.1"))) as home:
        profile = home.write_profile(tmp_path, f"LV_CA_FILE={tmp_path / 'ca.pem'}")
        outcome = verify("suites/smoke/test_liveness.py::test_health_is_ok", "--env-file", str(profile))

    assert outcome.code == 0
