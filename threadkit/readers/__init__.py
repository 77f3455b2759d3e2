"""Exports in, a corpus out: one file a format, one row in the registry each."""
