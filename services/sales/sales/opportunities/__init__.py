"""Opportunities with their stages, won or lost: SA-25, SA-33, SA-35."""
