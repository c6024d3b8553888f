"""From a template to a page of HTML, and from that to A4: what every report has in common.

A page holds all that it shows, runs no script and sends no request. What the target answered is text, never markup.
"""

import base64
import functools
import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jinja2
from markupsafe import Markup

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = ("es", "en")
HERE = Path(__file__).resolve().parent
TEMPLATES, TEXTS = HERE / "templates", HERE / "pages.texts.toml"
# As npm installs them. A page without them uses what its reader has.
INSTALLED = HERE.parent / ".cache" / "allure" / "node_modules" / "@fontsource"
FAMILIES = {"source-serif-4": "Source Serif 4", "ibm-plex-sans": "IBM Plex Sans", "ibm-plex-mono": "IBM Plex Mono"}
FONT = re.compile(rf"({'|'.join(FAMILIES)})-latin-(400|600)-(normal)\.woff2")
# Invisible characters that change how the rest is read: controls, and the marks that turn the direction of writing.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
SHOWN = 1200  # characters of a text from the target; the evidence has all of it


@dataclass(frozen=True)
class Font:
    name: str
    weight: int
    style: str
    data: bytes

    @property
    def encoded(self) -> str:
        return base64.b64encode(self.data).decode()


def plain(text: object) -> str:
    """A text from the target as it may be shown: what cannot be seen is made visible, and what is too long is cut."""
    shown = UNSEEN.sub(lambda found: f"‹U+{ord(found[0]):04X}›", str(text))
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"


@functools.cache
def texts(path: Path, language: Language) -> dict[str, Any]:
    """A file NAME.texts.toml in one language."""

    def in_one(table: dict[str, Any]) -> Any:
        return table[language] if set(table) == set(LANGUAGES) else {name: in_one(inner) for name, inner in table.items()}

    found: dict[str, Any] = in_one(tomllib.loads(path.read_text(encoding="utf-8")))
    return found


def installed_fonts() -> list[Path]:
    """The files of the fonts; none without npm."""
    return [path for family in FAMILIES for path in sorted((INSTALLED / family / "files").glob("*")) if FONT.fullmatch(path.name)]


def fonts(paths: Sequence[Path]) -> list[Font]:
    found = [(match, path) for path in paths if (match := FONT.fullmatch(path.name))]
    return [Font(FAMILIES[match[1]], int(match[2]), match[3], path.read_bytes()) for match, path in found]


@functools.cache
def _environment(*, markup: bool) -> jinja2.Environment:
    """That of pages, or of stylesheets; each compiles a template once."""
    # In a style element quotes are no entities, so what is not ours is escaped as CSS has it.
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=markup,  # noqa: S701 - see above
        undefined=jinja2.StrictUndefined,
        trim_blocks=markup,
        lstrip_blocks=markup,
    )
    environment.filters["plain"] = plain
    return environment


def render(template: str, language: Language, faces: Sequence[Font], corner: str, **values: Any) -> str:
    """One page; `corner` stands in the upper corner of each printed sheet."""
    t = texts(TEXTS, language)
    sheet = _environment(markup=False).get_template("report.css")
    css = sheet.render(faces=faces, corner=_in_css(corner), page=t["page"], of=t["of"])
    page = _environment(markup=True).get_template(template)
    return page.render(css=Markup(css), t=t, language=language, **values)  # noqa: S704 - of our own template


def _in_css(text: str) -> str:
    """Inside of a quoted string of a stylesheet."""
    return "".join(letter if letter.isalnum() or letter in " .-·_" else f"\\{ord(letter):06x}" for letter in plain(text))


def pdf(page: str) -> bytes:
    """The page on A4: the same bytes for the same page. Nothing is fetched from anywhere."""
    import weasyprint  # type: ignore[import-untyped] # noqa: PLC0415 - most of a second, and not there without Pango
    from weasyprint.urls import URLFetcher  # type: ignore[import-untyped] # noqa: PLC0415

    document = weasyprint.HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=["data"], fail_on_errors=True))
    written: bytes = document.write_pdf(pdf_identifier=hashlib.sha256(page.encode()).digest()[:16])
    return written


def print_to(path: Path, page: str) -> list[str]:
    """The PDF of a page; notes. Without the libraries of the system that it needs there is only the HTML, and that is said."""
    try:
        path.write_bytes(pdf(page))
    except (ImportError, OSError) as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, and not a library that is missing
        return [f"no {path.name}: {str(error).splitlines()[0]}; install Pango (libpango-1.0-0), or print the HTML"]
    return []
