"""A service that only the benchmarks run: it echoes, waits, and announces events."""
