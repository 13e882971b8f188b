"""Report runs: notebooks executed by papermill, rendered by nbconvert, published whole or not at all.

This room runs notebooks and never draws: the notebook does.
"""
