"""Signatures: a DSSE envelope around a statement, made with a key of one's own and believed only under a key that is trusted.

Keys are Ed25519 by securesystemslib. The private half stands outside of the checkout, the public halves that are trusted stand in
reports/keys/ and come there by review. A key that a dossier would bring along proves nothing, so none is enclosed.
"""

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, Key, SSlibKey  # type: ignore[attr-defined] # its __init__ re-exports them

PAYLOAD_TYPE = "application/vnd.in-toto+json"
SHOWN = 12  # digits of a key's id that name its file


class KeyUnusable(ValueError):  # noqa: N818 - states the fact
    """A key that cannot be used; the message names the file and the remedy."""


class NotSigned(ValueError):  # noqa: N818 - states the fact
    """An envelope that must not be believed; the message says why."""


class KeyUnknown(NotSigned):
    """Signed, but by no key that this checkout trusts."""


def default_key() -> Path:
    """`~/.config/luz-verde/signing-key.pem`, or below XDG_CONFIG_HOME."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "luz-verde" / "signing-key.pem"


def create(path: Path) -> CryptoSigner:
    """A new key in a new file that only its owner can read."""
    signer = CryptoSigner.generate_ed25519()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(signer.private_bytes)
    except FileExistsError as error:
        raise KeyUnusable(f"{path}: a key is there already; name another file or use that one") from error
    except OSError as error:
        raise KeyUnusable(f"{path}: {error.strerror}; name a file that can be written with --key") from error
    return signer


def load(path: Path) -> CryptoSigner:
    try:
        mode, content = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise KeyUnusable(f"{path}: {error.strerror}; `python -m reports key` makes a key") from error
    if mode & 0o077:
        raise KeyUnusable(f"{path}: others can read it, so it may be theirs as well; `chmod 600` it, or make a new one")
    try:
        private = load_pem_private_key(content, None)
    except (ValueError, TypeError) as error:
        raise KeyUnusable(f"{path}: is no private key in PEM without a password; `python -m reports key` makes one") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnusable(f"{path}: is no Ed25519 key; `python -m reports key` makes one")
    return CryptoSigner(private)


def trust(signer: CryptoSigner, folder: Path) -> Path:
    """Write the public half where verifiers look; the file."""
    key = signer.public_key
    half = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.keyval["public"]))
    path = folder / f"{key.keyid[:SHOWN]}.pem"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(half.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


def trusted(folder: Path) -> list[Key]:
    """The public keys below reports/keys/."""
    return [public(path) for path in sorted(folder.glob("*.pem"))]


def public(path: Path) -> Key:
    try:
        return SSlibKey.from_crypto(load_pem_public_key(path.read_bytes()))
    except OSError as error:
        raise KeyUnusable(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise KeyUnusable(f"{path}: is no public key in PEM") from error


def seal(payload: bytes, signer: CryptoSigner) -> bytes:
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.sign(signer)
    return _written(envelope.to_dict())


def _written(envelope: Mapping[str, Any]) -> bytes:
    return (json.dumps(envelope, indent=1, sort_keys=True) + "\n").encode()


def opened(content: bytes, keys: Sequence[Key]) -> tuple[bytes, str]:
    """The payload and the id of the trusted key that signed it. NotSigned, or KeyUnknown when the key is not among `keys`."""
    try:
        envelope = Envelope.from_dict(json.loads(content))
        faithful = _written(envelope.to_dict()) == content  # base64 and JSON have many spellings, and only one was written
    except Exception as error:  # the library raises whatever its parts raise
        raise NotSigned(f"the envelope cannot be read: {error}") from error
    if not faithful or envelope.payload_type != PAYLOAD_TYPE:
        raise NotSigned("the envelope was changed after it was written")
    known = [key for key in keys if key.keyid in envelope.signatures]
    if not known:
        names = ", ".join(keyid[:SHOWN] for keyid in envelope.signatures) or "nobody"
        raise KeyUnknown(
            f"signed by {names}, whom nobody here trusts: put the public key into reports/keys/, or name it with --key"
        )
    with contextlib.suppress(VerificationError, ValueError):
        accepted = envelope.verify(known, 1)
        return envelope.payload, next(iter(accepted))
    raise NotSigned("the signature is not that of the statement: one of them was changed after signing")
