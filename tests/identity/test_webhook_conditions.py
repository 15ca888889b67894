"""Webhooks that are told of what a tree of conditions means (GW-62, decision 41)."""

import pytest

from servicekit import Invalid
from servicekit.testing import RunningService, wait_until
from tests.identity.receivers import ADMIN, a_subject, a_webhook, bind_feed, change, receiving, states, tell


@pytest.fixture(autouse=True)
def _feed(service: RunningService) -> None:
    bind_feed(service, "contract")


def test_only_events_that_a_tree_of_conditions_means_are_told(service: RunningService) -> None:
    """GW-62 (decision 41)."""
    where = {"any": [{"field": "name", "operator": "contains", "value": "云图"}]}
    with receiving() as receiver:
        webhook = a_webhook(service, receiver.url, where=where)
        assert webhook["where"] == where
        tell(service, a_subject(), "HT-1", name="北京")
        (event_id,) = tell(service, a_subject(), "HT-2", name="上海 云图")
        wait_until(lambda: states(service, webhook) == ["delivered"])
    assert [message.id for message in receiver.messages] == [event_id]


def test_conditions_are_on_what_the_events_tell(service: RunningService) -> None:
    """GW-62 (decision 41): also where the events are others than before."""
    where = {"all": [{"field": "payment_mode", "operator": "eq", "value": "one_off"}]}
    webhook = a_webhook(service, "http://127.0.0.1:9/", event_types=["contract.*"], where=where)
    for data, field in (
        ({"event_types": ["lead.created"]}, "where.all.0.field"),
        ({"where": {"field": "payment_mode", "operator": "gt", "value": "1"}}, "where.operator"),
    ):
        with pytest.raises(Invalid) as refused:
            change(service, webhook, **data)
        assert [error["field"] for error in refused.value.errors] == [field]
    terms = service.call("list_webhook_terms", ADMIN, query={"types": "contract.signed"})["terms"]
    assert terms["amount"]["kind"] == "decimal" and terms["payment_mode"]["enum"]
    assert terms["amount"]["x-label"]["zh"] == "合同金额"
