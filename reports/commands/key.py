"""`python -m reports key`: the key that signs dossiers."""

import argparse
from pathlib import Path

from reports import folders
from reports.dossier import signing
from reports.terminal import show

EXAMPLE = "key --key ~/keys/release-manager.pem"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key", type=Path, metavar="PEM", help="default: ~/.config/luz-verde/signing-key.pem")


def run(options: argparse.Namespace) -> int:
    path = options.key or signing.default_key()
    signer = signing.load(path) if path.exists() else signing.create(path)
    show("key", f"{path} (keep it to yourself)")
    show("public", f"{signing.trust(signer, folders.KEYS)} (commit it, so that others trust what you sign)")
    return 0
