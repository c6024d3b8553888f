"""Scripts that tell the tracer which of their functions run, by a request to a file that is there; once a document for each."""

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from proof.mutants.sources import Source
from proof.mutants.syntax import field, parsed, walk

FUNCTIONS = ("function_declaration", "arrow_function", "function_expression", "method_definition")
# Hoisted, as modules that import each other may call a function before its module has run.
PROBE = (
    "var __reached; function __reach(place) {{ if ((__reached ??= new Set()).has(place)) return; "
    '__reached.add(place); fetch("/static/favicon.svg?reached={name}:" + place, {{ keepalive: true }}).catch(() => {{}}); }} '
)


def functions(content: bytes) -> Iterator[Node]:
    return (node for node in walk(parsed("javascript", content)) if node.type in FUNCTIONS)


def place_of(source: Source, start: int) -> str | None:
    """What the innermost function around a byte is called; None outside of all."""
    around = [node for node in functions(source.content) if node.start_byte <= start < node.end_byte]
    return f"{source.file}:{max(node.start_byte for node in around)}" if around else None


def with_probes(source: Source) -> bytes:
    """The script, each of whose functions begins with a probe."""
    insertions = sorted(_insertions(source.content), reverse=True)
    content = source.content
    for at, text in insertions:
        content = content[:at] + text.encode() + content[at:]
    return PROBE.format(name=source.file).encode() + content


def _insertions(content: bytes) -> Iterator[tuple[int, str]]:
    for node in functions(content):
        body, probe = field(node, "body"), f"__reach({node.start_byte})"
        if body.type == "statement_block":
            yield body.start_byte + 1, f" {probe}; "
        else:
            yield body.start_byte, f"({probe}, "
            yield body.end_byte, ")"


def scripts(sources: Iterable[Source]) -> dict[str, bytes]:
    """Path -> content with probes, of all scripts."""
    return {source.file: with_probes(source) for source in sources if source.language == "javascript"}
