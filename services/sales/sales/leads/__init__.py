"""Leads from untouched to converted: SA-09, SA-10, SA-19."""
