"""The table of operators: which mistake, in which language, at which kind of node, and what becomes of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from proof.mutants import edits
from proof.mutants.edits import Edit, Maker
from proof.mutants.sources import Language
from proof.mutants.syntax import text_of

# Each role becomes its neighbour; those that sign in are Reader, those that may change things Writer.
DEPENDENCIES = {"Admin": "Writer", "Writer": "Reader", "Reader": "Writer"}
ROLES = {"admin": "operator", "operator": "viewer", "viewer": "operator", "user": "operator", "authenticated": "anon"}
QUOTED_ROLES = {f"'{role}'": f"'{other}'" for role, other in ROLES.items()}
COMPARISONS = {"==": "!=", "!=": "==", "in": "not in", "not in": "in", "is": "is not", "is not": "is", "===": "!==", "!==": "==="}
BOUNDARIES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "*", "%": "*"}
SCRIPT_BOOLEANS = {"&&": "||", "||": "&&", "??": "&&"}
ASSIGNMENTS = (
    "assignment",
    "augmented_assignment",
    "assignment_expression",
    "augmented_assignment_expression",
    "update_expression",
)


@dataclass(frozen=True)
class Operator:
    """`kinds`: of nodes. `only`: whether a node of the kind is meant."""

    name: str
    language: Language
    kinds: tuple[str, ...]
    make: Maker
    only: Callable[[Node], bool] = lambda _: True


def _is_a_call(node: Node) -> bool:
    """A statement that consists of a call."""
    inner = node.named_children[0] if node.named_children else node
    return inner.type in ("call", "call_expression")


def _waits(node: Node) -> bool:
    return bool(node.named_children) and node.named_children[0].type in ("await", "await_expression")


def _listens(node: Node) -> bool:
    return "addEventListener" in text_of(node).partition("(")[0]


def _changes_something(node: Node) -> bool:
    """Without it the program goes on: no call, and no first assignment to a name that is read below."""
    inner = node.named_children[0] if node.named_children else node
    return inner.type in ASSIGNMENTS and not (inner.type == "assignment" and _names_a_variable(inner))


def _names_a_variable(assignment: Node) -> bool:
    left = assignment.child_by_field_name("left")
    of_class = assignment.child_by_field_name("type") is not None and _is_in_class(assignment)
    return left is not None and left.type in ("identifier", "pattern_list") and not of_class


def _is_in_class(assignment: Node) -> bool:
    block = assignment.parent.parent if assignment.parent is not None else None
    return block is not None and block.parent is not None and block.parent.type == "class_definition"


def _plain_call(node: Node) -> bool:
    return _is_a_call(node) and not _listens(node)


def _is_default(node: Node) -> bool:
    return node.parent is not None and node.parent.type in ("default_parameter", "typed_default_parameter", "assignment_pattern")


def _is_no_default(node: Node) -> bool:
    return not _is_default(node)


def _is_role(node: Node) -> bool:
    return text_of(node) in ROLES


def _is_prose(node: Node) -> bool:
    """A text for people: it has a space, or begins with a capital."""
    text = text_of(node)
    return not _is_role(node) and (" " in text.strip() or text[:1].isupper())


def _is_key(node: Node) -> bool:
    return not _is_role(node) and not _is_prose(node)


def _is_guard(node: Node) -> bool:
    """Of a condition as a whole: what is negated already is undone by another operator."""
    return node.type != "not_operator"


def _removed_element(node: Node) -> bool:
    return node.child_count > 1 and len(text_of(node)) < 400


PYTHON = (
    Operator("comparison", "python", ("comparison_operator",), edits.token(COMPARISONS)),
    Operator("boundary", "python", ("comparison_operator",), edits.token(BOUNDARIES)),
    Operator("arithmetic", "python", ("binary_operator",), edits.token(ARITHMETIC)),
    Operator("boolean", "python", ("boolean_operator",), edits.token({"and": "or", "or": "and"})),
    Operator("dropped part", "python", ("boolean_operator",), edits.either_operand("and", "or")),
    Operator(
        "condition", "python", ("if_statement", "elif_clause", "while_statement"), edits.child_becomes("condition", "not ({})")
    ),
    Operator("condition", "python", ("if_clause",), edits.last_child_becomes("True")),
    Operator("condition", "python", ("not_operator",), edits.only_child()),
    Operator("constant", "python", ("integer", "float"), edits.one_more, _is_no_default),
    Operator("constant", "python", ("true", "false"), edits.itself({"True": "False", "False": "True"}), _is_no_default),
    Operator("default", "python", ("integer", "float"), edits.one_more, _is_default),
    Operator("default", "python", ("true", "false"), edits.itself({"True": "False", "False": "True"}), _is_default),
    Operator("removed call", "python", ("expression_statement",), edits.becomes("pass"), _is_a_call),
    Operator("removed call", "python", ("expression_statement",), edits.becomes("pass"), _waits),
    Operator("removed await", "python", ("await",), edits.only_child()),
    Operator(
        "removed statement",
        "python",
        ("expression_statement", "delete_statement", "assert_statement"),
        edits.becomes("pass"),
        _changes_something,
    ),
    Operator("removed raise", "python", ("raise_statement",), edits.becomes("pass")),
    Operator("removed decorator", "python", ("decorator",), edits.becomes("")),
    Operator("result", "python", ("return_statement",), edits.last_child_becomes("None")),
    Operator("swallowed exception", "python", ("except_clause",), edits.last_child_becomes("pass")),
    Operator("swapped argument", "python", ("argument_list",), edits.swapped("keyword_argument", "generator_expression")),
    Operator("left out", "python", ("argument_list",), edits.without_each("keyword_argument")),
    Operator("left out", "python", ("dictionary",), edits.without_each("pair")),
    Operator("left out", "python", ("list", "set", "tuple"), edits.without_each()),
    Operator("slice", "python", ("slice",), edits.shifted_slice),
    Operator("role", "python", ("identifier",), edits.itself(DEPENDENCIES)),
    Operator("role", "python", ("string_content",), edits.itself(ROLES), _is_role),
    Operator("text", "python", ("string_content",), edits.other_text, _is_prose),
    Operator("key", "python", ("string_content",), edits.other_text, _is_key),
)
SQL = (
    Operator("comparison", "sql", ("binary_expression",), edits.token({"=": "<>", "<>": "=", "IN": "NOT IN"})),
    Operator("boundary", "sql", ("binary_expression",), edits.token(BOUNDARIES)),
    Operator("arithmetic", "sql", ("binary_expression",), edits.token({"+": "-", "-": "+"})),
    Operator("boolean", "sql", ("binary_expression", "ERROR"), edits.token({"AND": "OR", "OR": "AND"})),
    Operator("dropped part", "sql", ("binary_expression",), edits.either_operand("AND", "OR")),
    Operator("dropped part", "sql", ("where",), edits.becomes("")),
    Operator("dropped part", "sql", ("filter_expression",), edits.becomes("")),
    Operator("constant", "sql", ("literal",), edits.one_more),
    Operator("default", "sql", ("column_definition",), edits.keyword_and_value("keyword_default")),
    Operator("constraint", "sql", ("column_definition",), edits.sequence(("keyword_not", "keyword_null"))),
    Operator("constraint", "sql", ("column_definition",), edits.sequence(("keyword_unique",))),
    Operator("constraint", "sql", ("constraints",), edits.without_each("constraint")),
    Operator("constraint", "sql", ("create_index",), edits.token({"UNIQUE": ""})),
    Operator(
        "cascade", "sql", ("column_definition", "constraint"), edits.sequence(("keyword_on", "keyword_delete", "keyword_cascade"))
    ),
    Operator(
        "removed statement", "sql", ("create_policy", "create_trigger", "create_index", "create_type"), edits.becomes("SELECT 1")
    ),
    Operator("removed statement", "sql", ("insert",), edits.becomes("SELECT 1")),
    Operator("left out", "sql", ("list",), edits.without_each("literal")),
    Operator("role", "sql", ("literal",), edits.itself(QUOTED_ROLES)),
    Operator("role", "sql", ("identifier",), edits.itself({"authenticated": "anon", "service_role": "authenticated"})),
    Operator(
        "right",
        "sql",
        ("create_policy", "ERROR"),
        edits.token({"SELECT": "UPDATE", "INSERT": "UPDATE", "UPDATE": "INSERT", "DELETE": "UPDATE"}),
    ),
    Operator("right", "sql", ("ERROR",), edits.token({"ENABLE": "DISABLE", "REVOKE": "GRANT"})),
    Operator("order", "sql", ("order_target",), edits.token({"DESC": "ASC"})),
)
TEMPLATE = (
    Operator(
        "removed attribute",
        "html",
        ("attribute",),
        edits.becomes(""),
        lambda node: "%" not in text_of(node) and "}" not in text_of(node),
    ),
    Operator("removed element", "html", ("element",), edits.becomes(""), _removed_element),
    Operator("text", "html", ("text",), edits.other_text, lambda node: "{" not in text_of(node)),
    Operator("value", "html", ("attribute_value",), edits.other_text, lambda node: "{" not in text_of(node)),
)
SCRIPT = (
    Operator("comparison", "javascript", ("binary_expression",), edits.token(COMPARISONS)),
    Operator("boundary", "javascript", ("binary_expression",), edits.token(BOUNDARIES)),
    Operator("arithmetic", "javascript", ("binary_expression",), edits.token(ARITHMETIC)),
    Operator("boolean", "javascript", ("binary_expression",), edits.token(SCRIPT_BOOLEANS)),
    Operator("dropped part", "javascript", ("binary_expression",), edits.either_operand("&&", "||", "??")),
    Operator("condition", "javascript", ("if_statement", "while_statement"), edits.child_becomes("condition", "(!{})")),
    Operator("condition", "javascript", ("ternary_expression",), edits.child_becomes("condition", "!({})")),
    Operator("condition", "javascript", ("unary_expression",), edits.only_child(), lambda node: text_of(node).startswith("!")),
    Operator("constant", "javascript", ("number",), edits.one_more, _is_no_default),
    Operator("constant", "javascript", ("true", "false"), edits.itself({"true": "false", "false": "true"}), _is_no_default),
    Operator("default", "javascript", ("number",), edits.one_more, _is_default),
    Operator("removed listener", "javascript", ("expression_statement",), edits.becomes(";"), _listens),
    Operator("removed call", "javascript", ("expression_statement",), edits.becomes(";"), _plain_call),
    Operator("removed call", "javascript", ("expression_statement",), edits.becomes(";"), _waits),
    Operator("removed await", "javascript", ("await_expression",), edits.only_child()),
    Operator("removed statement", "javascript", ("expression_statement",), edits.becomes(";"), _changes_something),
    Operator("removed raise", "javascript", ("throw_statement",), edits.becomes(";")),
    Operator("result", "javascript", ("return_statement",), edits.last_child_becomes("undefined")),
    Operator("swallowed exception", "javascript", ("catch_clause",), edits.child_becomes("body", "{{}}")),
    Operator("swapped argument", "javascript", ("arguments",), edits.swapped("arrow_function")),
    Operator(
        "left out", "javascript", ("object",), edits.without_each("pair", "shorthand_property_identifier", "spread_element")
    ),
    Operator("left out", "javascript", ("array",), edits.without_each()),
    Operator("text", "javascript", ("string_fragment",), edits.other_text, _is_prose),
    Operator("key", "javascript", ("string_fragment",), edits.other_text, _is_key),
)
STYLE = (
    Operator("removed rule", "css", ("rule_set",), edits.becomes("")),
    Operator("removed declaration", "css", ("declaration",), edits.becomes("")),
    Operator("constant", "css", ("integer_value", "float_value"), edits.one_more),
)
OPERATORS = (*PYTHON, *SQL, *TEMPLATE, *SCRIPT, *STYLE)


def edits_of(language: Language, node: Node) -> Iterator[tuple[str, Edit]]:
    """The operator's name and the edit, for all that can be made of the node."""
    for operator in OPERATORS:
        if operator.language == language and node.type in operator.kinds and operator.only(node):
            for edit in operator.make(node):
                yield operator.name, edit
