"""Which contacts a search text finds: a substring of name, e-mail or phone, whatever its case (contract 2.7)."""

from typing import LiteralString

from psycopg import sql

from sandbox.backend.core.errors import ApiError
from sandbox.faults import declare

WILDCARDS_UNESCAPED = declare(
    "contact-search-wildcards-unescaped",
    "The search text goes into ILIKE as it is, so % and _ match anything.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="a search for a percent sign finds contacts that have none",
)
PASTED = declare(
    "contact-search-pasted-into-sql",
    "The search text is pasted into the statement instead of being sent beside it.",
    part="backend",
    kind="authorization",
    severity=1,
    finding="a search with an apostrophe is a server error, and one that closes the quote reads what it likes",
)
COMMA_BREAKS = declare(
    "contact-search-breaks-on-comma",
    "The search is sent to the data REST as or=(name.ilike.*...*,...) without quotes, where commas and brackets have a meaning.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="a search for a surname, comma, first name is a server error",
)
CASE_OF_ASCII = declare(
    "contact-search-case-of-ascii",
    "The search compares lower cases that were made for ASCII letters only.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="MUÑOZ does not find Muñoz",
)
NAMES_ONLY = declare(
    "contact-search-only-in-names",
    "The search looks at names and no longer at e-mails and phones.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="a contact is not found by its e-mail or its phone",
)

FIELDS = ("name", "email", "phone_number")
MEANS_SOMETHING_THERE = frozenset(",()")


def containing(text: str) -> str:
    """An ILIKE pattern for the text itself: its % and _ stand for themselves."""
    special = any(character in "\\%_" for character in text)
    if special and not WILDCARDS_UNESCAPED.on:
        text = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{text}%"


def matches(text: str) -> sql.Composable:
    """A condition over `%(pattern)s`, which is `containing(text)`."""
    if not MEANS_SOMETHING_THERE.isdisjoint(text) and COMMA_BREAKS.on:
        raise ApiError(500, "Error al listar contactos")
    if "'" in text and PASTED.on:
        return sql.SQL(f"name ILIKE '%{text}%'".replace("%", "%%"))
    operator = "{}::text ILIKE {}"
    if not text.isascii() and CASE_OF_ASCII.on:
        operator = 'lower({} COLLATE "C") LIKE lower({} COLLATE "C")'
    fields = FIELDS[:1] if text and NAMES_ONLY.on else FIELDS
    return any_of(operator, fields)


def any_of(operator: LiteralString, fields: tuple[str, ...]) -> sql.Composed:
    pattern = sql.Placeholder("pattern")
    compared = [sql.SQL(operator).format(sql.Identifier(field), pattern) for field in fields]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(compared))
