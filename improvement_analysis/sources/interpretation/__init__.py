"""Cells to values: the tidy tables, and every problem on the way."""
