"""What the commands print: results to stdout, each with its label, and errors to stderr."""

import sys

PROGRAM = "python -m reports"


def show(label: str, text: object) -> None:
    """One result; labels stand in a column of their own."""
    write(f"{label:<10} {text}")


def write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    sys.stderr.write(f"{PROGRAM}: {text}\n")
