"""PostgREST's query string in SQL: which columns, which rows, in which order. Values are bound, identifiers are quoted."""

import re
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql

COMPARISONS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "LIKE",
    "ilike": "ILIKE",
    "match": "~",
    "imatch": "~*",
    "cs": "@>",
    "cd": "<@",
    "ov": "&&",
    "isdistinct": "IS DISTINCT FROM",
}
IS_VALUES = {"null": "NULL", "not_null": "NOT NULL", "true": "TRUE", "false": "FALSE", "unknown": "UNKNOWN"}
RESERVED = {"select", "order", "limit", "offset", "columns", "on_conflict", "apikey"}
MAX_ROWS = 1000  # Supabase's default; a list that ends there was cut

_LOGIC = re.compile(r"(not\.)?(and|or)\((.*)\)", re.DOTALL)
_CONDITION = re.compile(r"(not\.)?([a-z]+)\.(.*)", re.DOTALL)
_SELECTED = re.compile(r'(?:([A-Za-z_][\w ]*):)?("[^"]+"|[\w ]+(?:->>?[\w ]+)*)')


class QueryError(Exception):
    """The query cannot be understood. `code` is one of PostgREST's own."""

    def __init__(self, message: str, *, code: str = "PGRST100", status: int = 400, details: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.details = details


@dataclass
class Query:
    """The query string of one request to one table. Composing SQL fills `values`, which are bound by name."""

    table: str
    parameters: list[tuple[str, str]]
    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> sql.Placeholder:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return sql.Placeholder(name)

    def parameter(self, name: str) -> str | None:
        return next((value for key, value in self.parameters if key == name), None)

    def selection(self) -> sql.Composable:
        items = split(self.parameter("select") or "") or ["*"]
        return sql.SQL(", ").join(self._selected(item) for item in items)

    def conditions(self) -> list[sql.Composable]:
        found: list[sql.Composable] = []
        for key, value in self.parameters:
            if key in RESERVED:
                continue
            logic = _LOGIC.fullmatch(f"{key}{value}")
            found.append(self._logic(logic) if logic else self._condition(key, value))
        return found

    def where(self) -> sql.Composable:
        conditions = self.conditions()
        return sql.SQL(" WHERE ") + sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("")

    def order(self) -> sql.Composable:
        order = self.parameter("order")
        if not order:
            return sql.SQL("")
        return sql.SQL(" ORDER BY ") + sql.SQL(", ").join(self._ordered(term) for term in split(order))

    def window(self) -> sql.Composable:
        limit, offset = self.number("limit"), self.offset
        rows = MAX_ROWS if limit is None else min(limit, MAX_ROWS)
        return sql.SQL(" LIMIT {} OFFSET {}").format(sql.Literal(rows), sql.Literal(offset))

    @property
    def offset(self) -> int:
        return self.number("offset") or 0

    def number(self, name: str) -> int | None:
        text = self.parameter(name)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d{1,18}", text):
            raise QueryError(f'"failed to parse {name} ({text})"')
        if int(text) < 0:
            details = f"{name.capitalize()} should be greater than or equal to zero."
            raise QueryError("Requested range not satisfiable", code="PGRST103", status=416, details=details)
        return int(text)

    def column(self, path: str) -> sql.Composable:
        """`name`, or a way into a JSON column: `data->a->>b`."""
        name, *steps = re.split(r"(->>?)", path)
        reference: sql.Composable = sql.Identifier(self.table, name.strip('"'))
        for arrow, key in zip(steps[::2], steps[1::2], strict=True):
            reference += sql.SQL(arrow) + sql.Literal(
                int(key) if key.isdecimal() else key
            )  # the pattern above lets two arrows through
        return reference

    def _selected(self, item: str) -> sql.Composable:
        if item == "*":
            return sql.SQL("{}.*").format(sql.Identifier(self.table))
        if "(" in item:
            relation = item.partition("(")[0]
            message = f"Could not find a relationship between '{self.table}' and '{relation}' in the schema cache"
            raise QueryError(message, code="PGRST200", details="this stand-in does not embed related tables")
        found = _SELECTED.fullmatch(item)
        if found is None:
            raise QueryError(f'"failed to parse select parameter ({item})"')
        alias, path = found.groups()
        name = alias or re.split(r"->>?", path)[-1].strip('"')
        return sql.SQL("{} AS {}").format(self.column(path), sql.Identifier(name))

    def _ordered(self, term: str) -> sql.Composable:
        name, *options = term.split(".")
        keywords = {"asc": "ASC", "desc": "DESC", "nullsfirst": "NULLS FIRST", "nullslast": "NULLS LAST"}
        if not set(options) <= set(keywords):
            raise QueryError(f'"failed to parse order ({term})"')
        return sql.SQL(" ").join([self.column(name), *(sql.SQL(keywords[option]) for option in options)])

    def _logic(self, found: re.Match[str]) -> sql.Composable:
        negated, operator, members = found.groups()
        parts = [self._member(member) for member in split(members)]
        joined = sql.SQL("({})").format(sql.SQL(" AND " if operator == "and" else " OR ").join(parts))
        return sql.SQL("NOT ") + joined if negated else joined

    def _member(self, member: str) -> sql.Composable:
        logic = _LOGIC.fullmatch(member)
        if logic:
            return self._logic(logic)
        column, _, condition = member.partition(".")
        return self._condition(column, condition, quoted=True)

    def _condition(self, column: str, text: str, *, quoted: bool = False) -> sql.Composable:
        found = _CONDITION.fullmatch(text)
        if found is None:
            raise QueryError(f'"failed to parse filter ({text})"')
        negated, operator, value = found.groups()
        compared = self._comparison(self.column(column), operator, unquote(value) if quoted else value)
        return sql.SQL("NOT ({})").format(compared) if negated else compared

    def _comparison(self, column: sql.Composable, operator: str, value: str) -> sql.Composable:
        if operator == "in":
            return self._in(column, value)
        if operator == "is" and value.lower() in IS_VALUES:
            return column + sql.SQL(" IS ") + sql.SQL(IS_VALUES[value.lower()])
        if operator not in COMPARISONS:
            raise QueryError(f'"failed to parse filter ({operator}.{value})"', details=f"unknown operator or value of {operator}")
        if operator in ("like", "ilike"):
            value = value.replace("*", "%")
        return column + sql.SQL(f" {COMPARISONS[operator]} ") + self.bind(value)

    def _in(self, column: sql.Composable, value: str) -> sql.Composable:
        if not (value.startswith("(") and value.endswith(")")):
            raise QueryError(f'"failed to parse filter (in.{value})"')
        items = [self.bind(unquote(item)) for item in split(value[1:-1])]
        return column + sql.SQL(" IN ({})").format(sql.SQL(", ").join(items)) if items else sql.SQL("false")


def split(text: str) -> list[str]:
    """The parts between commas that are in no quotes, parentheses or braces."""
    parts, depth, quoted, escaped = [""], 0, False, False
    for character in text:
        if character == '"' and not escaped:
            quoted = not quoted
        elif not quoted:
            depth += (character in "({") - (character in ")}")
        if character == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += character
        escaped = character == "\\" and not escaped
    return [part for part in parts if part]


def unquote(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text
