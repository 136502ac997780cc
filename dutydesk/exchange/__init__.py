"""Formats that others read and write: CAP 1.2 in and out. Pure: bytes in, values out, and back."""
