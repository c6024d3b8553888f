"""`python -m reports signoff`: the dossier for one gate."""

import argparse
from pathlib import Path

from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined] # its __init__ re-exports it

from record import releases
from reports import folders, rendering
from reports.dossier import assemble, pages, signing
from reports.plan import gates, plan_file
from reports.terminal import PROGRAM, show

EXAMPLE = "signoff --env staging --release v1.0.0-MVP --digest gitCommit:0123456789abcdef0123456789abcdef01234567"
EXIT_CODES = {"GO": 0, "NO-GO": 1, "NOT YET": 6}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--env", required=True, help="the environment of the runs: local, staging, prod")
    parser.add_argument("--release", required=True, help="such as v1.0.0-MVP")
    parser.add_argument("--gate", help="deploy, post-deploy, rollout-10 ... acceptance; default: the first that decides on ENV")
    parser.add_argument("--digest", help="of what was built: sha256:... or gitCommit:...; without it nothing is GO")
    parser.add_argument("--runs", nargs="+", type=Path, default=(), metavar="DIR", help="default: the newest run of each stage")
    parser.add_argument("--lang", choices=("es", "en"), help="default: both")
    parser.add_argument("--key", type=Path, metavar="PEM", help="default: ~/.config/luz-verde/signing-key.pem")


def run(options: argparse.Namespace) -> int:
    request = assemble.Request(
        environment=options.env,
        release=releases.require_name(options.release),
        gate=options.gate,
        digest=releases.digest(options.digest),
        folders=options.runs,
        out=folders.OUT,
        attestations=folders.ATTESTATIONS,
        gates=gates.GATES,
        languages=(options.lang,) if options.lang else rendering.LANGUAGES,
    )
    dossier = assemble.build(request, _signer(options.key or signing.default_key()), show)
    for note in dossier.notes:
        show("note", note)
    for reason in pages.sentences(dossier.decision, options.lang or "en", plan_file.load()):
        show("reason", reason)
    verdict = dossier.decision["verdict"]
    show("dossier", dossier.folder)
    show("verify", f"{PROGRAM} verify {dossier.folder}")
    show("verdict", f"{verdict} ({len(dossier.decision['reasons'])} reasons)")
    return EXIT_CODES[verdict]


def _signer(path: Path) -> CryptoSigner:
    """The key at this path, made where there is none."""
    if not path.exists():
        signer = signing.create(path)
        public = signing.trust(signer, folders.KEYS)
        show("key", f"made {path}; its public half is {public}: commit it, so that others trust it")
        return signer
    signer = signing.load(path)
    if signer.public_key.keyid not in {key.keyid for key in signing.trusted(folders.KEYS)}:
        show("note", f"nobody here trusts this key yet: `{PROGRAM} key` puts its public half into reports/keys/")
    return signer
