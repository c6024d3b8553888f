"""A certificate authority of this sandbox's own, and the certificates of its https servers."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import trustme

from sandbox.process import faults

NAMES = ("127.0.0.1", "localhost")
LIFE = dt.timedelta(days=90)  # what public authorities give; contract 8.2 wants at least 14 days left


@dataclass(frozen=True)
class Certificate:
    """Paths of a certificate and its key, both PEM."""

    file: Path
    key: Path


@dataclass(frozen=True)
class Certificates:
    """The edge has its own so that a fault of it does not cut the backend off from the vendors."""

    authority: Path
    edge: Certificate
    vendors: Certificate


def issue(directory: Path) -> Certificates:
    """Write the authority's certificate and both servers' into the directory."""
    authority = trustme.CA()
    authority_file = directory / "ca.pem"
    authority.cert_pem.write_to_path(authority_file)
    now = dt.datetime.now(dt.UTC)
    expires = now + (dt.timedelta(days=3) if faults.EXPIRES_SOON.on else LIFE)
    if faults.EXPIRED.on:
        expires = now - dt.timedelta(days=1)
    names = ("otro-sitio.example.com",) if faults.WRONG_HOST.on else NAMES
    return Certificates(
        authority_file,
        edge=_write(directory / "edge", authority, names, expires),
        vendors=_write(directory / "vendors", authority, NAMES, now + LIFE),
    )


def _write(stem: Path, authority: trustme.CA, names: tuple[str, ...], expires: dt.datetime) -> Certificate:
    issued = authority.issue_cert(*names, not_before=expires - LIFE, not_after=expires)
    certificate = Certificate(stem.with_suffix(".pem"), stem.with_suffix(".key"))
    issued.cert_chain_pems[0].write_to_path(certificate.file)
    certificate.key.touch(mode=0o600)
    issued.private_key_pem.write_to_path(certificate.key)
    return certificate
