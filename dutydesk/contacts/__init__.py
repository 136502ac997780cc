"""The directory as an office keeps it: csv files in a folder, read, checked, imported into and written out.

Loading gives a Directory or every problem at once; nothing here touches the journal, and no row is dropped unsaid.
See docs/contacts.md.
"""

from dutydesk.contacts.loader import load, load_partial, warnings
from dutydesk.contacts.merging import merge
from dutydesk.contacts.report import Line, Report
from dutydesk.contacts.roster_file import Known, read_roster
from dutydesk.contacts.spreadsheet import Row, read_sheets, read_table
from dutydesk.contacts.writer import digest, export, is_sample

__all__ = [
    "Known",
    "Line",
    "Report",
    "Row",
    "digest",
    "export",
    "is_sample",
    "load",
    "load_partial",
    "merge",
    "read_roster",
    "read_sheets",
    "read_table",
    "warnings",
]
