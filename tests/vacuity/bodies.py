"""Ways to write a check that cannot fail, or does not look."""

from tests.vacuity.case import FALSE, FINDING, ONE, OTHER, TWO, Case, check

HYPOTHESIS = "from hypothesis import HealthCheck, Phase, assume, given, settings\nfrom hypothesis import strategies as st"
NUMBERS = "suppress_health_check=list(HealthCheck), database=None"


def prop(body: str, settings: str) -> str:
    """A property over integers, settings as given."""
    above = f"{HYPOTHESIS}\n\n@given(n=st.integers())\n@settings({NUMBERS}, {settings})"
    return check(body, above=above).replace("(product)", "(product, n)")


SWALLOWS = """class Lenient:
    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        return True
"""
UNITTEST = """import unittest
import pytest

class TestOld(unittest.TestCase):
    @pytest.mark.plan("W2-D1-T9")
    @unittest.skip("later")
    def test_it(self):
        assert self
"""
ASYNC = check(FALSE).replace("def test_it", "async def test_it")
TWICE = OTHER + "\n\n" + OTHER.partition("\n\n\n")[2]
NOTHING = "\n@pytest.fixture\ndef thing():\n    pass\n"

BODIES = {
    "a fixture that returns nothing": Case(
        (1,), "1 claim does not hold", {TWO: check("assert thing.status == 200", above=NOTHING).replace("(product)", "(thing)")}
    ),
    "a matrix without devices": Case(
        (6,),
        "got empty parameter set",
        {
            "fixtures/browser/devices.py": "DEVICES: dict[str, str] = {}\n",
            TWO: check(
                "assert product.health()",
                above="from fixtures.browser.devices import DEVICES\n\n\n@pytest.mark.parametrize('device', DEVICES)",
            ).replace("(product)", "(product, device)"),
        },
    ),
    "a page that fails without its picture": Case(
        (1,),
        "no picture of its page could be kept",
        {
            "suites/smoke/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef visit():\n    return None\n",
            TWO: check(FALSE).replace("(product)", "(product, visit)"),
        },
        plain=False,
    ),
    "an except around everything": Case(
        (4,), "catches what a claim raises", {TWO: check(f"try:\n    {FALSE}\nexcept Exception:\n    pass")}
    ),
    "an except of the assert": Case(
        (4,),
        "catches what a claim raises",
        {TWO: check(f"try:\n    {FALSE}\nexcept (ValueError, AssertionError):\n    pass")},
    ),
    "a bare except": Case((4,), "catches what a claim raises", {TWO: check(f"try:\n    {FALSE}\nexcept:\n    pass")}),
    "suppress": Case(
        (4,),
        "suppresses what a claim raises",
        {TWO: check(f"with contextlib.suppress(AssertionError):\n    {FALSE}", above="import contextlib\n")},
    ),
    "only pass": Case((4,), "test_it claims nothing", {TWO: check("pass")}),
    "only pass, in workers": Case((4,), "test_it claims nothing", {TWO: check("pass")}, arguments=("-m", "smoke", "-n", "1")),
    "asks and claims nothing": Case((4,), "test_it claims nothing", {TWO: check("product.health()")}),
    "compares without asserting": Case((4,), "test_it claims nothing", {TWO: check("product.health().status_code == 299")}),
    "asserts True": Case((4,), "asserts what is always true", {TWO: check("product.health()\nassert True")}),
    "asserts a tuple": Case(
        (1, 2, 4), "always true", {TWO: check("assert (product.health().status_code == 299, 'should be up')")}
    ),
    "never awaited": Case((4,), "test_it is never awaited", {TWO: ASYNC}),
    "a generator": Case((1, 2, 4), "yield", {TWO: check(f"{FALSE}\nyield")}),
    "returns the comparison": Case((4,), "test_it claims nothing", {TWO: check("return product.health().status_code == 299")}),
    "a function inside that nobody calls": Case((4,), "test_it claims nothing", {TWO: check(f"def claim():\n    {FALSE}")}),
    "two checks of one name": Case((4,), "is defined twice", {TWO: TWICE}),
    "a loop over nothing": Case(
        (6,), "before its first assert", {TWO: check("for row in product.health().body.get('rows', []):\n    assert row == 1")}
    ),
    "returns early": Case(
        (6,), "before its first assert", {TWO: check(f"if 'rows' not in product.health().body:\n    return\n{FALSE}")}
    ),
    "its only assert in a condition": Case(
        (6,), "before its first assert", {TWO: check("if product.health().status_code == 299:\n    assert not product")}
    ),
    "an assert swallowed by what surrounds it": Case(
        (4,),
        "swallows what a claim raises",
        {TWO: check(f"with Lenient():\n    {FALSE}", above=SWALLOWS)},
    ),
    "the second assert swallowed by what surrounds it": Case(
        (4,),
        "swallows what a claim raises",
        {
            TWO: check(
                "seen = product.health()\nassert seen.body\nwith Lenient():\n"
                "    assert seen.status_code == 299, Message(Finding('299', str(seen.status_code), '', 'ask'))",
                above=FINDING + SWALLOWS,
            )
        },
        plain=False,
    ),
    "xfail": Case((1,), "1 claim does not hold", {TWO: check(FALSE, above="@pytest.mark.xfail")}),
    "xfail that does not even run": Case(
        (6,),
        "unverified",
        {TWO: check(FALSE, above="@pytest.mark.xfail(run=False, reason='known')")},
    ),
    "skips itself": Case((6,), "skipped: not here", {TWO: check("pytest.skip('not here')\nassert product")}),
    "what it needs cannot be imported, so it is skipped": Case(
        (6,), "skipped: could not import", {TWO: check("pytest.importorskip('nothing_like_it')\nassert product")}
    ),
    "a unittest that is skipped": Case((6,), "skipped: later", {TWO: UNITTEST}),
    "a subtest fails": Case(
        (1,),
        "1 claim does not hold",
        {TWO: check(f"with subtests.test('a part'):\n    {FALSE}\nassert product").replace("(product)", "(product, subtests)")},
    ),
    "a property without a phase that makes examples": Case((6,), "told to run no test cases", {TWO: prop(FALSE, "phases=()")}),
    "a property that reuses examples and has none": Case(
        (6,), "told to run no test cases", {TWO: prop(FALSE, "phases=(Phase.reuse,)")}
    ),
    "a property that rejects every example": Case((1, 6), "1", {TWO: prop(f"assume(False)\n{FALSE}", "max_examples=5")}),
    "a property of no examples": Case((1, 2, 6), "1", {TWO: prop(FALSE, "max_examples=0")}),
    "sys.exit(0)": Case((4,), "sys.exit() ends the run", {TWO: check("sys.exit(0)\nassert product", above="import sys\n")}),
    "raises SystemExit(0)": Case((1,), "1 claim does not hold", {TWO: check("assert product\nraise SystemExit(0)")}),
    "pytest.exit with 0": Case(
        (4,), "pytest.exit() ends the run", {ONE: check("pytest.exit('done', returncode=0)\nassert product")}
    ),
    "os._exit(0)": Case((4,), "os._exit() ends the run", {ONE: check("os._exit(0)\nassert product", above="import os\n")}),
}
