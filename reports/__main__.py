"""What follows from runs: `python -m reports --help`. Talks to no network."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined] # its __init__ re-exports it

PROGRAM = "python -m reports"
EXIT = {"GO": 0, "NO-GO": 1, "NOT YET": 6}
REFUSED, DISAGREES, UNKNOWN_KEY, NO_REPORT = 4, 1, 6, 6
DELIVERABLES = (
    *("test-results", "deployment-report", "incidents", "validation", "problems", "backlog", "corrections", "security"),
    *("fixed-vulnerabilities", "integrations"),
)
HELP = """\
examples:
  {0} report --lang en                                Allure's report of the latest run
  {0} signoff --env staging --release v1.0.0-MVP      the dossier of the newest runs, signed
  {0} verify reports/out/signoff-v1.0.0-MVP-staging-...   every verdict again, from the evidence
  {0} attest --line W1-D5-T6                          say something that no machine can see, and sign it with your name
  {0} key                                             the key that signs, made when there is none

exit codes: signoff 0 GO, 1 NO-GO, 6 NOT YET; verify 0 agrees, 1 does not, 6 signed by a key that nobody here trusts;
report 6 without what makes it;
4 when what was given cannot be used
"""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except KeyboardInterrupt:
        _complain("interrupted; nothing half-made was left")
        return 2
    except (OSError, ValueError) as error:  # every error of this room that has a message of its own is a ValueError
        _complain(str(error))
        return UNKNOWN_KEY if type(error).__name__ == "KeyUnknown" else REFUSED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description=__doc__, epilog=HELP.format(PROGRAM), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    report = commands.add_parser("report", help="Allure's report of runs as one HTML file, with history across runs")
    report.add_argument("runs", nargs="*", type=Path, metavar="DIR", help="folders of runs (default: reports/out/latest)")
    report.add_argument("--lang", choices=("es", "en"), default="es", help="default: es")
    report.add_argument("--out", type=Path, metavar="FILE", help="default: reports/out/report.<lang>.html")
    report.add_argument(
        "--history", type=Path, metavar="FILE", help="carried from run to run (default: reports/out/history.jsonl)"
    )
    report.set_defaults(command=_report)
    _add_signoff(commands.add_parser("signoff", help="the dossier for one gate: verdict, pages, evidence, signature"))
    verify = commands.add_parser("verify", help="whether a dossier can be believed, offline")
    verify.add_argument("folder", type=Path, help="of the dossier")
    verify.add_argument("--key", type=Path, metavar="PEM", help="a public key to trust in place of those in reports/keys/")
    verify.add_argument("--release", help="the one that you are about to deploy; a dossier of another disagrees")
    verify.add_argument("--env", help="the environment that you expect it to be about")
    verify.add_argument("--gate", help="the gate that you expect it to open")
    verify.add_argument("--digest", help="of what you are about to deploy: sha256:... or gitCommit:...")
    verify.add_argument("--other-rules", action="store_true", help="believe the enclosed plan and gates though they are not ours")
    verify.add_argument("--pdf", action="store_true", help="render the PDF files again and compare them, too")
    verify.set_defaults(command=_verify)
    _add_build(commands.add_parser("build", help="a deliverable of the plan that derives from runs, as HTML, PDF and CSV"))
    _add_attest(
        commands.add_parser(
            "attest", help="say what no machine can see: that a line of the plan is done, or that a gate may open"
        )
    )
    summary = commands.add_parser("summary", help="what GitHub shows of runs: the job's summary and annotations")
    summary.add_argument("runs", nargs="*", type=Path, metavar="DIR", help="folders of runs (default: reports/out/latest)")
    summary.set_defaults(command=_summary)
    key = commands.add_parser("key", help="the key that signs: made when there is none; its public half goes to reports/keys/")
    key.add_argument("--key", type=Path, metavar="PEM", help="default: ~/.config/luz-verde/signing-key.pem")
    key.set_defaults(command=_key)
    return parser


def _add_signoff(signoff: argparse.ArgumentParser) -> None:
    signoff.add_argument("--env", required=True, help="the environment that the runs are of: local, staging, prod")
    signoff.add_argument("--release", required=True, help="such as v1.0.0-MVP")
    signoff.add_argument("--gate", help="deploy, post-deploy, rollout-10 ... acceptance; default: the first that decides on ENV")
    signoff.add_argument("--digest", help="of what was built: sha256:... or gitCommit:...; without it nothing is GO")
    signoff.add_argument("--runs", nargs="+", type=Path, default=(), metavar="DIR", help="default: the newest run of each stage")
    signoff.add_argument("--lang", choices=("es", "en"), help="default: both")
    signoff.add_argument("--key", type=Path, metavar="PEM", help="default: ~/.config/luz-verde/signing-key.pem")
    signoff.set_defaults(command=_signoff)


def _report(options: argparse.Namespace) -> int:
    from record import run_folder  # noqa: PLC0415 - help must not pay for it
    from reports.allure import site  # noqa: PLC0415
    from reports.dossier import assemble  # noqa: PLC0415 - help must not pay for it

    read = [run_folder.read(folder) for folder in options.runs or [assemble.OUT / "latest"]]
    out = options.out or assemble.OUT / f"report.{options.lang}.html"
    try:
        built = site.build(read, out, options.lang, options.history or assemble.OUT / "history.jsonl")
    except site.NoReport as error:
        _complain(str(error))
        return NO_REPORT
    _say(f"report     {built.file}")
    _say(f"checks     {', '.join(f'{count} {outcome}' for outcome, count in sorted(built.counts.items()))}")
    return 0


def _add_build(build: argparse.ArgumentParser) -> None:
    build.add_argument("name", help=f"{', '.join(DELIVERABLES)}, or all")
    build.add_argument("--env", default="local", help="the environment that the runs are of (default: local)")
    build.add_argument("--release", help="runs on other versions are left out")
    build.add_argument("--lang", choices=("es", "en"), help="default: both")
    build.add_argument("--out", type=Path, metavar="DIR", help="default: reports/out/deliverables")
    build.set_defaults(command=_build)


def _build(options: argparse.Namespace) -> int:
    from reports import rendering  # noqa: PLC0415 - help must not pay for it
    from reports.deliverables import documents  # noqa: PLC0415 - help must not pay for it
    from reports.dossier import assemble  # noqa: PLC0415 - help must not pay for it

    names = list(DELIVERABLES) if options.name == "all" else [options.name]
    if unknown := [name for name in names if name not in documents.DELIVERABLES]:
        raise ValueError(f"there is no deliverable {unknown[0]!r}; there are {', '.join(DELIVERABLES)}, and all")
    material = documents.gather(assemble.OUT, options.env, options.release)
    if not material.history:
        raise ValueError(
            f"no sound run on {material.environment} below {assemble.OUT}: make one with `make smoke ENV={options.env}`"
        )
    languages = (options.lang,) if options.lang else rendering.LANGUAGES
    for name in names:
        written, notes = documents.write(name, material, options.out or assemble.OUT / "deliverables", languages)
        for line in [*(f"written    {path}" for path in written), *(f"note       {note}" for note in notes)]:
            _say(line)
    return 0


def _signoff(options: argparse.Namespace) -> int:
    from record import releases  # noqa: PLC0415 - help must not pay for it
    from reports import rendering  # noqa: PLC0415 - help must not pay for it
    from reports.dossier import assemble, pages, signing  # noqa: PLC0415 - help must not pay for it
    from reports.plan import gates, plan_file  # noqa: PLC0415 - help must not pay for it

    wish = assemble.Wish(
        environment=options.env,
        release=releases.require_name(options.release),
        gate=options.gate,
        digest=releases.digest(options.digest),
        folders=options.runs,
        out=assemble.OUT,
        words=assemble.WORDS,
        gates=gates.GATES,
        languages=(options.lang,) if options.lang else rendering.LANGUAGES,
    )
    signer = _signer(options.key or signing.default_key())
    if signer.public_key.keyid not in {key.keyid for key in signing.trusted(signing.TRUSTED)}:
        _say(f"note       nobody here trusts this key yet: `{PROGRAM} key` puts its public half into reports/keys/")
    built = assemble.build(wish, signer, _say)
    for note in built.notes:
        _say(f"note       {note}")
    verdict = built.decision["verdict"]
    for reason in pages.sentences(built.decision, options.lang or "en", plan_file.load()):
        _say(f"reason     {reason}")
    _say(f"dossier    {built.folder}")
    _say(f"verify     {PROGRAM} verify {built.folder}")
    _say(f"verdict    {verdict} ({len(built.decision['reasons'])} reasons)")
    return EXIT[verdict]


def _signer(path: Path) -> "CryptoSigner":
    from reports.dossier import signing  # noqa: PLC0415 - help must not pay for it

    if path.exists():
        return signing.load(path)
    signer = signing.create(path)
    _say(
        f"key        made {path}; its public half is {signing.trust(signer, signing.TRUSTED)}: commit it, so that others trust it"
    )
    return signer


def _verify(options: argparse.Namespace) -> int:
    from reports.dossier import signing, verify  # noqa: PLC0415 - help must not pay for it

    keys = [signing.public(options.key)] if options.key else signing.trusted(signing.TRUSTED)
    try:
        agreed = verify.verify(
            options.folder, keys, expected=_expected(options), other_rules=options.other_rules, with_pdf=options.pdf
        )
    except verify.Disagreement as error:
        _say(f"disagrees  {error}")
        _say("verdict    NOT TO BE BELIEVED")
        return DISAGREES
    for note in agreed.notes:
        _say(f"note       {note}")
    told = agreed.decision
    _say(f"release    {told['release']} on {told['environment']}, gate {told['gate']}, decided at {told['decided_at']}")
    _say(f"signed by  {agreed.signer}")
    _say(f"agrees     {agreed.files} files as signed; {agreed.checks} outcomes, the criteria and the decision derived again")
    _say(f"verdict    {told['verdict']}")
    return 0


def _expected(options: argparse.Namespace) -> dict[str, object]:
    from record import releases  # noqa: PLC0415 - help must not pay for it
    from reports.dossier import picking  # noqa: PLC0415 - help must not pay for it

    told = {
        "release": options.release,
        "environment": picking.environment(options.env) if options.env else None,
        "gate": options.gate,
        "digest": releases.digest(options.digest),
    }
    return {name: value for name, value in told.items() if value}


def _add_attest(attest: argparse.ArgumentParser) -> None:
    subject = attest.add_mutually_exclusive_group(required=True)
    subject.add_argument("--line", help="a line of the plan, such as W1-D5-T6")
    subject.add_argument("--gate", help="a gate, such as deploy: approves the newest runs")
    attest.add_argument("--release", required=True, help="such as v1.0.0-MVP")
    attest.add_argument("--env", help="the environment; may be left out for a line")
    attest.add_argument("--lang", choices=("es", "en"), default="es", help="of the questions (default: es)")
    attest.set_defaults(command=_attest)


def _attest(options: argparse.Namespace) -> int:
    from record import releases  # noqa: PLC0415 - help must not pay for it
    from reports.commands import attest  # noqa: PLC0415 - help must not pay for it
    from reports.dossier import assemble, picking  # noqa: PLC0415 - help must not pay for it

    release = releases.require_name(options.release)
    desk = attest.Desk(input, _say, options.lang, assemble.WORDS, datetime.now(UTC))
    try:
        if options.line:
            attest.of_line(attest.known_line(options.line), release, options.env, desk)
            return 0
        if not options.env:
            raise ValueError("an approval is about one environment: say which with --env")
        gate = attest.known_gate(options.gate)
        environment = picking.environment(options.env)
        attest.of_gate(gate, attest.deciding(assemble.OUT, gate, options.env, release), release, environment, desk)
    except (attest.NothingWritten, EOFError) as error:
        _complain(str(error) or "the answers ended before the questions; nothing was written")
        return 2
    return 0


def _summary(options: argparse.Namespace) -> int:
    """Markdown to GITHUB_STEP_SUMMARY where there is one, else to the terminal; annotations where GitHub reads them."""
    from record import run_folder  # noqa: PLC0415 - help must not pay for it
    from reports.commands import github  # noqa: PLC0415 - help must not pay for it
    from reports.dossier import assemble  # noqa: PLC0415 - help must not pay for it

    read = [run_folder.read(folder) for folder in options.runs or [assemble.OUT / "latest"]]
    told = github.summary(read)
    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(page).open("a", encoding="utf-8") as file:
            file.write(told)
        for annotation in github.annotations(read):
            _say(annotation)
    else:
        _say(told)
    return 0


def _key(options: argparse.Namespace) -> int:
    from reports.dossier import signing  # noqa: PLC0415 - help must not pay for it

    path = options.key or signing.default_key()
    signer = signing.load(path) if path.exists() else signing.create(path)
    _say(f"key        {path} (keep it to yourself)")
    _say(f"public     {signing.trust(signer, signing.TRUSTED)} (commit it, so that others trust what you sign)")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _complain(line: str) -> None:
    sys.stderr.write(f"{PROGRAM}: {line}\n")


if __name__ == "__main__":
    sys.exit(main())
