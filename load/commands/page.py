"""`python -m load page`: a run as pages in Spanish and English, with pictures."""

import argparse

from load import page
from load.commands.output import say
from record import samples


def run(options: argparse.Namespace) -> int:
    """Prints what it wrote; ValueError when the folder cannot be written."""
    recording = samples.read(options.file)
    folder = options.out or options.file.parent
    try:
        written = page.write(folder, recording, options.file)
    except OSError as error:
        raise ValueError(f"the pages cannot be written to {folder} ({error.strerror}); give another folder to --out") from error
    say("\n".join(map(str, written)))
    return 0
