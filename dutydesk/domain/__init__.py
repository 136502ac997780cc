"""Pure: no asyncio, no clock, no logging, no I/O. `catalogue.py` is the table of contents."""
