"""Which cells are a table, which heading means what, which line is a grading."""
