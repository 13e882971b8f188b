"""Bytes to lines and grids: a reader for each format, behind one fence."""
