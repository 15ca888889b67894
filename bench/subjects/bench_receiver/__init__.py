"""A service that only the benchmarks run: it stores what the sender announces."""
