"""The copy of the directory that access rules are made from, as identity's events come."""

import pytest

from servicekit import NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.contract.test_contracts import ALL, a_contract


def test_a_deleted_department_is_gone_for_good_however_late_older_news_of_it_comes(
    service: RunningService,
) -> None:
    """CT-13: whoever had the department's records in reach by it has them no more."""
    region, team = new_id(), new_id()
    agent, head = caller(*ALL, department_id=team), caller("contract.read:department", department_id=region)
    contract_id = a_contract(service, agent)["id"]
    changed = {"department_id": team, "name": "华东一组", "path": [region, team], "version": 1}
    service.deliver_and_wait("identity", "department.changed", changed)
    person = {"display_name": "张伟", "department_id": team, "manager_id": None, "active": True, "version": 1}
    service.deliver_and_wait("identity", "account.changed", {"account_id": agent.account_id, **person})
    assert service.call("get_contract", head, contract_id=contract_id)["id"] == contract_id
    gone = {"department_id": team, "name": "华东一组", "version": 3}
    service.deliver_and_wait("identity", "department.deleted", gone)
    service.deliver_and_wait("identity", "department.changed", {**changed, "version": 2})
    with pytest.raises(NotFound):
        service.call("get_contract", head, contract_id=contract_id)
    told = {"kind": "directory-departments", "rows": [], "grace": 0.0, "ids": [str(team)]}
    assert service.call("compare_audit_rows", caller("*:all"), **told)["differences"] == []
