"""Which contacts a search text finds: a substring of name, e-mail or phone, whatever its case (contract 2.7)."""

from typing import LiteralString

from psycopg import sql

from sandbox.backend.contacts import faults
from sandbox.backend.core.errors import ApiError

FIELDS = ("name", "email", "phone_number")
MEANS_SOMETHING_THERE = frozenset(",()")


def containing(text: str) -> str:
    """An ILIKE pattern for the text itself: its % and _ stand for themselves."""
    special = any(character in "\\%_" for character in text)
    if special and not faults.WILDCARDS_UNESCAPED.on:
        text = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{text}%"


def matches(text: str) -> sql.Composable:
    """A condition over `%(pattern)s`, which is `containing(text)`."""
    if not MEANS_SOMETHING_THERE.isdisjoint(text) and faults.COMMA_BREAKS.on:
        raise ApiError(500, "Error al listar contactos")
    if "'" in text and faults.PASTED.on:
        return sql.SQL(f"name ILIKE '%{text}%'".replace("%", "%%"))
    operator = "{}::text ILIKE {}"
    if not text.isascii() and faults.CASE_OF_ASCII.on:
        operator = 'lower({} COLLATE "C") LIKE lower({} COLLATE "C")'
    fields = FIELDS[:1] if text and faults.NAMES_ONLY.on else FIELDS
    return any_of(operator, fields)


def any_of(operator: LiteralString, fields: tuple[str, ...]) -> sql.Composed:
    pattern = sql.Placeholder("pattern")
    compared = [sql.SQL(operator).format(sql.Identifier(field), pattern) for field in fields]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(compared))
