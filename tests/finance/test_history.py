"""The history of receivables: raised by an event, settled by an operation (CU-23, GW-61)."""

from servicekit.testing import RunningService
from tests.finance.builders import a_receivable, finance_person, receive


def test_a_receivables_history_tells_the_event_that_raised_it(service: RunningService) -> None:
    who = finance_person()
    receivable = a_receivable(service)
    receive(service, who, receivable)
    settled, raised = service.call("list_receivable_history", who, receivable_id=receivable["id"], query={})[
        "items"
    ]
    assert (raised["operation"], raised["kind"], raised["address"]) == ("contract.signed", "created", None)
    assert raised["changes"]["amount"] == [None, "12000.00"]
    assert (settled["operation"], settled["actor_id"]) == ("create_receipt", str(who.account_id))
    assert settled["changes"]["outstanding_amount"] == ["12000.00", "10000.00"]
