"""Looks for canaries in whatever a run leaves, the way a curious reader would: by undoing encodings, not by guessing them.

It shares nothing with what redacts: a mistake there must not be a blind spot here.
"""

import base64
import binascii
import html
import io
import re
import urllib.parse
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pypdf

from tests.record.redaction.canaries import CANARIES

BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2}){6,}")
ESCAPE = re.compile(r"(?:\\x[0-9a-fA-F]{2})+|\\u[0-9a-fA-F]{4}|\\[\"/\\']")


def views(text: str) -> Iterator[str]:
    """A text, and what it says to somebody who unfolds, unescapes and decodes it."""
    flat = re.sub(r"(?:\\+r)?\\+n[ \t]*|\\?\r?\n[ \t]*", "", text)
    for shown in (text, flat):
        yield shown
        yield urllib.parse.unquote_plus(shown)
        yield html.unescape(shown)
        once = _unescape(shown)
        yield once
        yield _unescape(once)
    yield from _decoded(flat)


def _unescape(text: str) -> str:
    """One level of it, as JSON and Python write it."""
    return ESCAPE.sub(_unescaped, text)


def _unescaped(found: "re.Match[str]") -> str:
    told = found[0]
    if told.startswith("\\u"):
        return chr(int.from_bytes(bytes.fromhex(told[2:])))
    if told.startswith("\\x"):
        raw = bytes.fromhex(told.replace("\\x", ""))
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    return told[1]


def _decoded(text: str) -> Iterator[str]:
    for found in BASE64.findall(text):
        for offset in range(4):
            yield _from_base64(found[offset:])
    for found in HEXADECIMAL.findall(text):
        yield bytes.fromhex(found).decode("utf-8", "replace")


def _from_base64(text: str) -> str:
    whole = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    whole = whole[: len(whole) // 4 * 4] if len(whole) % 4 == 1 else whole + "=" * (-len(whole) % 4)
    try:
        return base64.b64decode(whole).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def texts_of(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """The texts in a file: those of an archive's members and of a print's pages, too."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from texts_of(f"{name}!{member}", archive.read(member))
    elif content.startswith(b"%PDF"):
        yield name, "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    else:
        yield name, content.decode("utf-8", "replace")


def found_in(name: str, content: bytes) -> set[tuple[str, str]]:
    """(secret, where) of each secret that somebody would find."""
    found: set[tuple[str, str]] = set()
    for place, text in texts_of(name, content):
        seen = list(views(text))
        found |= {(canary.secret, place) for canary in CANARIES if any(canary.secret in view for view in seen)}
    return found


def found_below(folder: Path) -> set[tuple[str, str]]:
    """In every file below a folder, and in the names of files."""
    found: set[tuple[str, str]] = set()
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        found |= found_in(name, path.read_bytes()) | {
            (secret, f"name of {where}") for secret, where in found_in(name, name.encode())
        }
    return found


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
