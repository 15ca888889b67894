"""Departments as a tree (ID-02, ID-03)."""
