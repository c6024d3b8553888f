"""TLS as the contract wants it (8.2), and a certificate that will still be good next week."""

import pytest

from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding
from fixtures.wire.tls import OLD, SPOKEN, Handshake

DAYS_LEFT = 14  # contract 8.2
WEAK = {"sin certificado": "aNULL:!eNULL:@SECLEVEL=0", "sin cifrado": "eNULL:@SECLEVEL=0"}


@pytest.mark.plan("W1-D4-T2")
@pytest.mark.parametrize("version", SPOKEN)
def test_current_tls_is_spoken(handshake: Handshake, version: str) -> None:
    """With a chain that this machine verifies."""
    greeting = handshake(version)

    untrusted = "CERTIFICATE_VERIFY_FAILED" in (greeting.refusal or "")
    assert greeting.protocol == version, finding(
        "certificate-not-trusted" if untrusted else "tls-version-missing",
        greeting.where,
        seen=greeting.refusal or greeting.protocol or "-",
        version=version,
    )


@pytest.mark.plan("W1-D4-T2", "W1-D3-T1")
@pytest.mark.parametrize("version", OLD)
def test_old_tls_is_refused(handshake: Handshake, version: str) -> None:
    """Broken protocols are not offered for the sake of one old client."""
    greeting = handshake(version)

    assert greeting.protocol is None, finding("tls-version-outdated", greeting.where, version=version)


@pytest.mark.plan("W1-D4-T2", "W1-D3-T1")
@pytest.mark.parametrize("ciphers", WEAK.values(), ids=WEAK)
def test_weak_ciphers_are_refused(handshake: Handshake, ciphers: str) -> None:
    """`HIGH:!aNULL:!MD5` (contract 8.2): nothing that leaves open who answers or what is said."""
    greeting = handshake("TLSv1.2", ciphers)

    assert greeting.protocol is None, finding(
        "tls-weak-ciphers-accepted", greeting.where, ciphers=ciphers.partition(":")[0], protocol=greeting.protocol
    )


@pytest.mark.plan("W1-D4-T2")
def test_certificate_is_good_for_two_weeks(handshake: Handshake) -> None:
    """An expiry in the middle of the rollout is an outage."""
    greeting = next((met for version in SPOKEN if (met := handshake(version)).protocol), handshake("TLSv1.3"))

    assert greeting.days_left is not None, finding(
        "certificate-not-shown", greeting.where, seen=greeting.refusal or greeting.protocol
    )
    assert greeting.days_left >= DAYS_LEFT, finding(
        "certificate-expires-soon", greeting.where, minimum=DAYS_LEFT, left=f"{greeting.days_left:.1f}"
    )


@pytest.mark.plan("W1-D4-T10")
def test_web_and_api_are_https(env: Environment) -> None:
    """The addresses that users and vendors are given."""
    plain = [url for url in (env.api_url, env.web_url, env.app.url or env.api_url) if not url.startswith("https://")]

    assert not plain, finding("public-address-plain-http", str(env.file), seen=", ".join(plain))
