"""Contracts: what is declared in code, as the files that are published."""
