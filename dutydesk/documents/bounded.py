"""Runs a program within bounds: `python -m dutydesk.documents.bounded BYTES SECONDS PROGRAM ARGUMENT…`.

The bounds are set in a process of its own, because a fork out of a desk with threads could not set them safely.
"""

import os
import resource
import sys

FILE_BYTES = 200_000_000  # of any file it writes
WRONG_TEMPLATE = 3  # exit status of a child that could not fill its template


def main() -> None:
    """Set the bounds on this process and become the program."""
    memory, seconds, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execvp(program[0], program)  # noqa: S606  # nosec B606


if __name__ == "__main__":
    main()
