"""What tests let be otherwise in the environment of a service."""

import contextlib
import os
from collections.abc import Iterator, Mapping

from servicekit.base.clock import time_zone


@contextlib.contextmanager
def house_in(zone: str) -> Iterator[None]:
    """Let the business days be those of another time zone."""
    with environment({"KEHU_TIME_ZONE": zone}):
        time_zone.cache_clear()
        try:
            yield
        finally:
            time_zone.cache_clear()


@contextlib.contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Let variables of the environment have other values for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
