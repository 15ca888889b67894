"""Nouns: what is kept, who sees it, what can be asked of it, and how it is listed."""
