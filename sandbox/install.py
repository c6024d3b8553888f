"""Install what a run needs and this machine lacks. Standard library only: it runs before anything else exists.

Idempotent: a second run looks and changes nothing. What cannot be installed is listed once, with what it is for and how to
get it; the checks that need it are then *unverified* and everything else runs.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / ".installed-lock"
REPORT_TOOLS = ROOT / "reports" / "allure"
INSTALLED_TOOLS = ROOT / ".cache" / "allure"
POLICY = Path("/usr/sbin/policy-rc.d")  # what Debian's packages ask before they start a service


@dataclass(frozen=True)
class Part:
    """A program from outside PyPI: any of `programs` on PATH (or at `places`) will do; `package` is Debian's name for it."""

    package: str
    programs: tuple[str, ...]
    purpose: str
    remedy: str
    places: tuple[str, ...] = ()

    def present(self) -> bool:
        return any(map(shutil.which, self.programs)) or any(any(Path("/").glob(place)) for place in self.places)


PARTS = (
    Part(
        "postgresql",
        ("postgres",),
        "the database of the embedded deployment (a PyPI build takes its place, without TLS)",
        "apt-get install postgresql, or set SANDBOX_PG_BIN to a folder with initdb and postgres",
        places=("usr/lib/postgresql/*/bin/postgres",),
    ),
    Part(
        "redis-server",
        ("redis-server",),
        "caches and rate limits of the embedded deployment (Valkey from PyPI takes its place)",
        "apt-get install redis-server, or set SANDBOX_REDIS_BIN",
    ),
    Part(
        "chromium-headless-shell",
        ("chromium-headless-shell", "chromium", "google-chrome"),
        "page checks",
        "apt-get install chromium-headless-shell, or .venv/bin/playwright install chromium-headless-shell",
        places=(str(Path.home()).lstrip("/") + "/.cache/ms-playwright/chromium*",),
    ),
    Part("prometheus", ("prometheus",), "monitoring checks", "apt-get install prometheus, or set SANDBOX_PROMETHEUS_BIN"),
    Part(
        "prometheus-alertmanager",
        ("prometheus-alertmanager", "alertmanager"),
        "alerting checks",
        "apt-get install prometheus-alertmanager, or set SANDBOX_ALERTMANAGER_BIN",
    ),
)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress for the person who typed make


def run(*command: str | Path, quiet: bool = True) -> bool:
    """Whether the command succeeded. Its output is kept out of the way and shown when it failed."""
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        list(map(str, command)),
        check=False,
        text=True,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode and not quiet:
        say(done.stdout[-2000:])
    return done.returncode == 0


def install_python_packages() -> None:
    """The lock, hash-checked, into .venv. uv does it in seconds; pip, slower, where uv cannot be had."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    say("setup: Python packages from requirements.lock into .venv (about a minute, once)")
    if not (VENV / "bin" / "pip").exists():
        require_ensurepip()
        venv.create(VENV, with_pip=True, clear=True)
    uv = VENV / "bin" / "uv"
    if uv.exists() or run(PYTHON, "-m", "pip", "install", "--quiet", "uv"):
        done = run(
            uv,
            "pip",
            "sync",
            "--quiet",
            "--python",
            PYTHON,
            "--require-hashes",
            "--compile-bytecode",
            LOCK,
            quiet=False,
        )
    else:
        done = run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK, quiet=False)
    if not done:
        sys.exit("setup: the Python packages could not be installed; the reason is above. Is a package index reachable?")
    STAMP.write_text(wanted)


def require_ensurepip() -> None:
    """Debian and Ubuntu keep the part of Python that makes virtual environments in a package of its own."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python3.{sys.version_info.minor}-venv"
    prefix = as_root()
    if prefix is None or not shutil.which("apt-get"):
        sys.exit(f"setup: this Python cannot make virtual environments. Remedy: install the package {package}")
    say(f"setup: {package} from the system's packages")
    run(*prefix, "apt-get", "update", "-qq")
    if not run(*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", package, quiet=False):
        sys.exit(f"setup: {package} could not be installed; the reason is above")
    importlib.invalidate_caches()


def as_root() -> list[str] | None:
    """The prefix that makes a command run as root, or None where this user may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run("sudo", "-n", "true"):
        return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]
    return None


@contextlib.contextmanager
def no_daemons(prefix: list[str]) -> Iterator[None]:
    """Packages installed inside start no service: the programs are wanted, not a second Redis on the usual port."""
    if POLICY.exists():  # one exists already
        yield
        return
    run(*prefix, "sh", "-c", f"printf '#!/bin/sh\\nexit 101\\n' > {POLICY} && chmod +x {POLICY}")
    try:
        yield
    finally:
        run(*prefix, "rm", "-f", POLICY)


def install_parts() -> None:
    """Debian's packages for the missing parts, without starting their daemons."""
    missing = [part for part in PARTS if not part.present()]
    prefix = as_root()
    if missing and prefix is not None and shutil.which("apt-get"):
        say(f"setup: {', '.join(part.package for part in missing)} from the system's packages")
        run(*prefix, "apt-get", "update", "-qq")
        with no_daemons(prefix):
            for part in missing:  # one at a time: a name unknown to this release must not stop the others
                run(*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", part.package)
    if any("chromium" in part.package and not part.present() for part in PARTS):
        run(VENV / "bin" / "playwright", "install", "--only-shell", "chromium")
    still_missing = [part for part in PARTS if not part.present()]
    if still_missing:
        say("setup: not installed here, and what that costs:")
        for part in still_missing:
            say(f"  {part.package}: {part.purpose}. To get it: {part.remedy}")
        say("  Checks that need them end as unverified; everything else runs.")


def install_report_tools() -> None:
    """Allure's command line and the fonts of the dossier, which npm gives, by their lock."""
    names = ("package.json", "package-lock.json")
    wanted = hashlib.sha256(b"".join((REPORT_TOOLS / name).read_bytes() for name in names)).hexdigest()
    stamp = INSTALLED_TOOLS / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("setup: Allure's command line and fonts into .cache/allure (seconds, once)")
    INSTALLED_TOOLS.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for name in names:
        shutil.copyfile(REPORT_TOOLS / name, INSTALLED_TOOLS / name)
    npm = shutil.which("npm")
    if npm and run(
        npm, "ci", "--prefix", INSTALLED_TOOLS, "--ignore-scripts", "--no-audit", "--no-fund", "--silent", quiet=False
    ):
        stamp.write_text(wanted)
        return
    say("setup: Allure's command line could not be installed" + ("" if npm else ": there is no npm here"))
    say("  Without it the HTML report of Allure is unverified (the results are kept), and a dossier has no fonts of its own.")
    say("  To get it: install Node with npm, then make setup")


if __name__ == "__main__":
    if sys.version_info[:2] != (3, 11):
        sys.exit(
            f"setup: Python 3.11 is needed, this is {sys.version.split()[0]}. Remedy: run make with python3.11 first on PATH"
        )
    install_python_packages()
    install_parts()
    install_report_tools()
