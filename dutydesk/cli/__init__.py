"""The command line. Exit status 0 done, 1 said no, 2 wrong use; messages on stderr, results on stdout."""

from dutydesk.cli.main import main

__all__ = ["main"]
