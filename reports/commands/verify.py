"""`python -m reports verify`: whether a dossier can be believed."""

import argparse
from pathlib import Path

from record import releases
from reports import folders
from reports.dossier import run_selection, signing, verify
from reports.terminal import complain, show

EXAMPLE = "verify reports/out/signoff-v1.0.0-MVP-staging-deploy-... --release v1.0.0-MVP --env staging --gate deploy"
DISAGREES, UNKNOWN_KEY = 1, 6


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="of the dossier")
    parser.add_argument("--key", type=Path, metavar="PEM", help="a public key to trust in place of those in reports/keys/")
    parser.add_argument("--release", help="the one that you are about to deploy; a dossier of another disagrees")
    parser.add_argument("--env", help="the environment that you expect it to be about")
    parser.add_argument("--gate", help="the gate that you expect it to open")
    parser.add_argument("--digest", help="of what you are about to deploy: sha256:... or gitCommit:...")
    parser.add_argument("--other-rules", action="store_true", help="believe the enclosed plan and gates though they are not ours")
    parser.add_argument("--pdf", action="store_true", help="render the PDF files again and compare them, too")


def run(options: argparse.Namespace) -> int:
    keys = [signing.public(options.key)] if options.key else signing.trusted(folders.KEYS)
    expected = _expected(options)
    try:
        verified = verify.verify(options.folder, keys, expected=expected, other_rules=options.other_rules, with_pdf=options.pdf)
    except verify.Disagreement as error:
        show("disagrees", error)
        show("verdict", "NOT TO BE BELIEVED")
        return DISAGREES
    except signing.KeyUnknown as error:
        complain(str(error))
        return UNKNOWN_KEY
    _show(verified)
    return 0


def _expected(options: argparse.Namespace) -> dict[str, object]:
    members = {
        "release": options.release,
        "environment": run_selection.environment(options.env) if options.env else None,
        "gate": options.gate,
        "digest": releases.digest(options.digest),
    }
    return {name: value for name, value in members.items() if value}


def _show(verified: verify.Verified) -> None:
    decision = verified.decision
    for note in verified.notes:
        show("note", note)
    decided = f"gate {decision['gate']}, decided at {decision['decided_at']}"
    show("release", f"{decision['release']} on {decision['environment']}, {decided}")
    show("signed by", verified.signer)
    derived = f"{verified.checks} outcomes, the criteria and the decision derived again"
    show("agrees", f"{verified.files} files as signed; {derived}")
    show("verdict", decision["verdict"])
