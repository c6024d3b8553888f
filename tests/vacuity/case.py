"""A way to get an empty green: how the run is made, and how it has to end instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.servers.loopback import Reply

CHECK = '''"""Two claims."""

import pytest

from fixtures.product.nouns import Product


@pytest.mark.plan("W2-D1-T9")
def test_health(product: Product) -> None:
    assert product.health().status_code == 200


@pytest.mark.plan("W2-D1-T9")
def test_health_names_a_version(product: Product) -> None:
    assert product.health().body["version"]
'''
BROKEN = CHECK.replace("== 200", "== 299")  # its first check fails on any target
OTHER = CHECK.replace("test_health", "test_more_health").replace("Two claims", "Two more claims")
FALSE = "assert product.health().status_code == 299"
FINDING = "from fixtures.wire.finding import Message\nfrom record.finding import Finding\n\n"
ONE, TWO = "suites/smoke/test_one.py", "suites/smoke/test_two.py"


def check(body: str, *, above: str = "", plan: str = '@pytest.mark.plan("W2-D1-T9")\n') -> str:
    """A file of one check after `above` (imports, decorators), whose body may ask `product`."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f'"""One check."""\n\nimport pytest\n\n{above}\n{plan}def test_it(product):\n{lines}\n'


@dataclass(frozen=True)
class Case:
    """`files` are added to a suite of two files (ONE and TWO), `removed` taken away. `{root}` in `arguments` is its folder.

    `says` has to stand in the verdict's line, or in the refusal where the run never began. `before` are the arguments of a run
    that goes first. `replies` change the target, `profile` adds lines. `plain`: whether it can be done to pytest alone.
    """

    codes: tuple[int, ...]
    says: str
    files: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ("-m", "smoke")
    environment: Mapping[str, str] = field(default_factory=dict)
    python: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    replies: Mapping[str, Reply] = field(default_factory=dict)
    profile: tuple[str, ...] = ()
    tracked: bool = False  # by git, as a checkout is
    plain: bool = True
