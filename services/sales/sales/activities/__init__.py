"""What was done with leads and opportunities: SA-29, CU-56."""
