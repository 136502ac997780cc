"""A file that is there whole or not at all, and for its owner's eyes alone: copies of the store hold everything that it holds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """Gives a name beside the file to write under; at the end it is on the disk and renamed, and after a failure nothing is left of it."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)  # of one that was killed
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
        _to_disk(part)
        part.rename(file)
        _to_disk(file.absolute().parent)
    finally:
        part.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
