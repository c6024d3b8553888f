"""Ways to run less than the stage, or by other rules, and to read green."""

from tests.vacuity.case import BROKEN, CHECK, ONE, OTHER, TWO, Case, check

FAIL_ONE = {"tests/fail_one.py": "def pytest_runtest_call(item):\n    assert item.name != 'test_health', 'not now'\n"}
CONFTEST = "suites/smoke/conftest.py"
SKIP_ALL = """import pytest

def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.skip(reason="no time"))
"""
PRE_DEPLOY = {"suites/pre_deploy/test_files.py": OTHER.replace("test_more_health", "test_files")}
ONLY_SKIPPED = CHECK.replace("@pytest.mark.plan", "@pytest.mark.skip(reason='not today')\n@pytest.mark.plan")
PER_WORKER = f"import os\n{OTHER}\nif os.environ.get('PYTEST_XDIST_WORKER') == 'gw1':\n    del test_more_health\n"

SELECTIONS = {
    "every check is skipped": Case((6,), "skipped: not today", {ONE: ONLY_SKIPPED, TWO: ONLY_SKIPPED}),
    "a file skips itself while it is read": Case(
        (6,), "nothing is claimed of the other 2", {TWO: f"import pytest\npytest.skip('slow', allow_module_level=True)\n{OTHER}"}
    ),
    "a marker is mistyped": Case((4,), "Unknown marker", arguments=("-m", "smok")),
    "-k matches nothing": Case((5,), "-k 'nothing_like_it'", arguments=("-m", "smoke", "-k", "nothing_like_it")),
    "half of the stage is left out by -k": Case(
        (6,), "2 of 4 smoke checks were selected; nothing is claimed of the other 2 (-k", arguments=("-m", "smoke", "-k", "more")
    ),
    "-k smuggled in by PYTEST_ADDOPTS": Case((6,), "(-k 'more')", environment={"PYTEST_ADDOPTS": "-k more"}),
    "one check is deselected": Case((6,), "(--deselect)", arguments=("-m", "smoke", "--deselect", f"{ONE}::test_health")),
    "a marker takes some away": Case(
        (6,),
        "(-m 'smoke and not privacy')",
        {TWO: OTHER.replace("@pytest.mark.plan", "@pytest.mark.privacy\n@pytest.mark.plan", 1)},
        arguments=("-m", "smoke and not privacy"),
    ),
    "a file is ignored": Case((6,), "(--ignore)", arguments=("-m", "smoke", f"--ignore={TWO}")),
    "files are ignored by a pattern": Case((6,), "(--ignore-glob)", arguments=("-m", "smoke", "--ignore-glob=*two*")),
    "a file is gone": Case((6,), f"missing here: {TWO}", removed=(TWO,), tracked=True, plain=False),
    "a file is renamed to what nobody collects": Case(
        (6,), f"missing here: {TWO}", {"suites/smoke/two_checks.py": OTHER}, removed=(TWO,), tracked=True, plain=False
    ),
    "the folder of a stage is gone": Case((6,), "missing here: suites/pre_deploy", arguments=("-m", "smoke or pre-deploy")),
    "a stage is ignored": Case(
        (6,),
        "nothing is claimed of the other 2 (--ignore)",
        PRE_DEPLOY,
        arguments=("-m", "smoke or pre-deploy", "--ignore=suites/pre_deploy"),
    ),
    "only what failed last time": Case(
        (6,), "(--lf)", FAIL_ONE, before=("-m", "smoke", "-p", "tests.fail_one"), arguments=("-m", "smoke", "--lf")
    ),
    "nothing failed last time, so nothing runs": Case(
        (5,), "no check was selected", before=("-m", "smoke"), arguments=("-m", "smoke", "--lf", "--lfnf=none")
    ),
    "stepwise goes on where it stopped": Case(
        (6,),
        "(--sw)",
        {**FAIL_ONE, ONE: OTHER, TWO: CHECK},
        before=("-m", "smoke", "--sw", "-p", "tests.fail_one"),
        arguments=("-m", "smoke", "--sw"),
    ),
    "a conftest.py in a folder skips everything": Case(
        (4,), "conftest.py has pytest_collection_modifyitems", {CONFTEST: SKIP_ALL}
    ),
    "a conftest.py in a folder hides its files": Case((6, 5), "nothing", {CONFTEST: "collect_ignore_glob = ['test_t*']\n"}),
    "a conftest.py deselects": Case(
        (4,), "hooks belong into", {CONFTEST: "def pytest_collection_modifyitems(items):\n    del items[1:]\n"}
    ),
    "a conftest.py deselects, in workers": Case(
        (4,),
        "hooks belong into",
        {CONFTEST: "def pytest_collection_modifyitems(items):\n    del items[1:]\n"},
        arguments=("-m", "smoke", "-n", "1"),
        plain=False,
    ),
    "a conftest.py imports a hook, in workers": Case(
        (4,),
        "conftest.py has pytest_runtest_call",
        {
            CONFTEST: "from tests.story import pytest_runtest_call\n",
            "tests/story.py": "def pytest_runtest_call():\n    return None\n",
        },
        arguments=("-m", "smoke", "-n", "1"),
        plain=False,
    ),
    "stopped at the first failure": Case(
        (1,), "stopping after 1 failures; 3 checks did not run", {ONE: BROKEN, TWO: OTHER}, arguments=("-m", "smoke", "-x")
    ),
    "stopped at the second failure": Case(
        (1,),
        "checks did not run",
        {ONE: BROKEN, TWO: BROKEN, "suites/smoke/test_two_more.py": OTHER},
        arguments=("-m", "smoke", "--maxfail=2"),
    ),
    "a file cannot be read": Case((1, 2), "every file of checks to be collected", {TWO: "import nothing_like_it\n"}),
    "a file cannot be read, and the run goes on": Case(
        (1,),
        "every file of checks to be collected",
        {TWO: "def test_it(:\n"},
        arguments=("-m", "smoke", "--continue-on-collection-errors"),
    ),
    "a check over an empty list": Case(
        (6,),
        "got empty parameter set",
        {
            TWO: check("assert product.health()", above="@pytest.mark.parametrize('device', [])").replace(
                "(product)", "(product, device)"
            )
        },
    ),
    "two parameters of one name": Case(
        (1, 2, 4),
        "uplicate",
        {
            TWO: check("assert product.health()", above="@pytest.mark.parametrize('n', [1, 2], ids=['a', 'a'])").replace(
                "(product)", "(product, n)"
            )
        },
        plain=False,  # pytest numbers them
    ),
    "workers collect different checks": Case(
        (1, 2, 3, 6), "ifferent tests were collected", {TWO: PER_WORKER}, arguments=("-m", "smoke", "-n", "2")
    ),
    "set-up only": Case((6,), "it was selected and has no result", arguments=("-m", "smoke", "--setup-only")),
    "set-up is planned only": Case((6, 7), "checks", arguments=("-m", "smoke", "--setup-plan")),
}

RED = {ONE: BROKEN}
UNCOUNTED = "--assert=plain leaves asserts uncounted"
RULES = {
    "without its own conftest.py": Case((1, 2, 4), "", arguments=("suites/smoke", "--noconftest"), plain=False),
    "its conftest.py switched off by name": Case(
        (1, 2, 4), "", arguments=("-m", "smoke", "-p", "no:{root}/conftest.py"), plain=False
    ),
    **{
        f"its part {part} switched off": Case(
            (4,), f"{part} is switched off", RED, arguments=("suites/smoke", "-p", f"no:{part}"), plain=False
        )
        for part in (
            "fixtures.plugin.outcomes",
            "fixtures.plugin.permissions",
            "fixtures.plugin.recorder",
            "fixtures.plugin.session_end",
            "fixtures.plugin.assert_counter",
        )
    },
    "pytest's own summary switched off": Case((4,), "", RED, arguments=("-m", "smoke", "-p", "no:terminal"), plain=False),
    "asserts left as Python has them": Case((4,), UNCOUNTED, RED, arguments=("-m", "smoke", "--assert=plain")),
    "asserts left as Python has them, by the environment": Case(
        (4,), UNCOUNTED, RED, environment={"PYTEST_ADDOPTS": "--assert=plain"}
    ),
    "python -O": Case((4,), "python -O removes every assert", RED, python=("-O",)),
    "PYTHONOPTIMIZE": Case((4,), "python -O removes every assert", RED, environment={"PYTHONOPTIMIZE": "1"}),
    "strictness overridden": Case(
        (4,), "-o strict=false changes what counts", arguments=("-m", "smoke", "-o", "strict=false"), plain=False
    ),
    "another name for checks": Case(
        (4,), "-o python_functions=more", arguments=("-m", "smoke", "-o", "python_functions=more"), plain=False
    ),
    "another configuration": Case(
        (4,),
        "for its configuration",
        {"other.toml": "[pytest]\naddopts = ['-x']\n"},
        arguments=("-c", "other.toml", "suites"),
        plain=False,
    ),
    "another root": Case((1, 4), "", arguments=("suites/smoke", "--rootdir=/"), plain=False),
    "another way to import": Case((1,), "1 claim does not hold", RED, arguments=("-m", "smoke", "--import-mode=prepend")),
    "warnings ignored": Case(
        (1, 6),
        "1",
        {TWO: check("return product.health().status_code == 299\nassert product")},
        arguments=("-m", "smoke", "-W", "ignore"),
    ),
    "no plugin loads itself": Case(
        (4,), "allure_pytest, xdist is switched off", RED, environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ),
}
