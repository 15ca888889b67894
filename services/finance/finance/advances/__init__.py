"""Advances: money paid before it was owed, to be applied to later receivables or payables."""
