"""The directory as an office keeps it: csv files in a folder, read, checked, imported into and written out.

Loading gives a Directory or every problem at once; nothing here touches the journal, and no row is dropped unsaid.
The roster's file has a module of its own, `roster_file`: `dutydesk read` starts without it. See docs/contacts.md.
"""

from dutydesk.contacts.loader import load, load_partial, warnings
from dutydesk.contacts.merging import merge
from dutydesk.contacts.report import Line, Report
from dutydesk.contacts.spreadsheet import Row, read_sheets, read_table
from dutydesk.contacts.writer import digest, export, is_sample

__all__ = [
    "Line",
    "Report",
    "Row",
    "digest",
    "export",
    "is_sample",
    "load",
    "load_partial",
    "merge",
    "read_sheets",
    "read_table",
    "warnings",
]
