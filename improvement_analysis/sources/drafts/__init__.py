"""Datasets drafted from files as received: what is recognised, what is open, and the text that says so."""

from improvement_analysis.sources.drafts.draft import Draft, draft_dataset, write_draft

__all__ = ["Draft", "draft_dataset", "write_draft"]
