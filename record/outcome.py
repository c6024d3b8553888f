"""What can become of a check, and the two ways in which it says that it could not look."""

from typing import Literal

from record.finding import Finding

Outcome = Literal["passed", "failed", "unverified", "blocked", "waived"]
# Worst first: the phase of a check that decides, and the order of the summary.
SEVERITY: tuple[Outcome, ...] = ("failed", "unverified", "blocked", "waived", "passed")
EXIT_FAILED, EXIT_UNVERIFIED, EXIT_BLOCKED = 1, 6, 7
EXIT_NOTHING_SELECTED = 5  # pytest's own


class Unverified(Exception):  # noqa: N818 - an outcome, not an error
    """The check could not look. `finding` says what would make it verifiable; its `where` is the check's own.

    Either the slug of a cause with its facts, or what is missing and what to do.
    """

    def __init__(self, what: str, remedy: str | None = None, **facts: object) -> None:
        if remedy is None:
            self.finding = Finding.of(what, {name: str(fact) for name, fact in facts.items()}, where="")
        else:
            self.finding = Finding("a look at the product", what, "", remedy)
        super().__init__(f"{self.finding.seen}. To verify: {self.finding.next}")


class Blocked(Exception):  # noqa: N818 - an outcome, not an error
    """What the check depends on is down; `because` is the finding of that part."""

    def __init__(self, because: Finding) -> None:
        super().__init__(f"{because.expected}: {because.seen}")
        self.because = because
