"""The HTTP side of Kehu: it turns requests into RPC calls and owns no data."""
