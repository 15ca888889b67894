"""What `make up` does to databases and broker before it starts anything, and when it can leave that out."""

from tests.system.conftest import SystemUnderTest

from stack.places import ROOT

FEWER_TRIES = {"EVENT_RETRY_DELAYS": "[1.0, 5.0, 30.0, 120.0]"}


def test_databases_are_migrated_again_for_other_code_and_other_queues_only(
    platform: SystemUnderTest, own_database: str
) -> None:
    platform.migrate()
    assert not platform.migrate()
    assert not platform.migrate(LOG_LEVEL="WARNING")
    assert platform.migrate(**FEWER_TRIES)
    assert not platform.migrate(**FEWER_TRIES)
    written = ROOT / "services" / "sales" / "sales" / "written_by_a_test.py"
    written.write_text("")
    try:
        assert platform.migrate(**FEWER_TRIES)
    finally:
        written.unlink()
