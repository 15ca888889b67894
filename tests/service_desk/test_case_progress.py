"""The steps of a case, its handlers and notes, through the service desk's entrypoints."""

from typing import Any

import eventlet
import pytest

from servicekit import Conflict, Forbidden, Invalid, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.service_desk.builders import ALL, a_case, an_account, found, step


def test_a_case_from_intake_to_rating_keeps_its_history(service: RunningService) -> None:
    """SD-06, SD-10."""
    me = caller(*ALL)
    case = a_case(service, me)
    assert step(service, me, "start", case)["handler_id"] == str(me.account_id)
    step(service, me, "pause", case, reason="等待截图")
    step(service, me, "start", case)
    resolved = step(service, me, "resolve", case, solution="已重置权限")
    assert (resolved["status"], resolved["solution"]) == ("resolved", "已重置权限")
    closed = step(service, me, "close", case, rating=4, rating_comment="处理很快")
    assert (closed["status"], closed["rating"], closed["solution"]) == ("closed", 4, "已重置权限")
    assert closed["version"] == 6
    rated = step(service, me, "rate", case, rating=5)
    assert (rated["rating"], rated["rating_comment"]) == (5, None)
    step(service, me, "reopen", case, reason="又不能导出")
    history = service.call("list_case_history", me, case_id=case["id"], query={"sort": "created_at"})["items"]
    assert [(item["action"], item["from_status"], item["to_status"]) for item in history] == [
        ("opened", None, "open"),
        ("started", "open", "in_progress"),
        ("paused", "in_progress", "waiting"),
        ("started", "waiting", "in_progress"),
        ("resolved", "in_progress", "resolved"),
        ("closed", "resolved", "closed"),
        ("rated", "closed", "closed"),
        ("reopened", "closed", "open"),
    ]
    assert {item["actor_id"] for item in history} == {str(me.account_id)}
    assert [event.type.removeprefix("case.") for event in service.published()] == [
        "opened", "started", "paused", "started", "resolved", "closed", "rated", "reopened",
    ]  # fmt: skip
    versions = [event.data["version"] for event in service.published()]
    assert versions == sorted(versions)


def test_a_case_can_be_closed_at_once_but_not_without_a_solution(service: RunningService) -> None:
    """SD-06."""
    me = caller(*ALL)
    case = a_case(service, me)
    for data, field in (
        ({}, "solution"),
        ({"rating": 6, "solution": "好了"}, "rating"),
        ({"solution": ""}, "solution"),
    ):
        with pytest.raises(Invalid) as refused:
            step(service, me, "close", case, **data)
        assert refused.value.errors[0]["field"] == field
    assert step(service, me, "close", case, solution="已在电话中说明")["resolved_at"]
    with pytest.raises(Conflict) as again:
        step(service, me, "close", case, solution="好了")
    assert again.value.code == "case-already-closed"


@pytest.mark.parametrize("rating", [0, 6, 4.5, "5", True, 2**62])
def test_a_rating_is_a_whole_number_from_one_to_five(service: RunningService, rating: Any) -> None:
    """SD-10."""
    me = caller(*ALL)
    case = a_case(service, me)
    step(service, me, "resolve", case, solution="好了")
    with pytest.raises(Invalid):
        step(service, me, "rate", case, rating=rating)


def test_closing_at_the_same_time_closes_once(service: RunningService) -> None:
    """SD-06."""
    me = caller(*ALL)
    case = a_case(service, me)

    def close(place: int) -> str:
        client = RunningService(service.service_class, service.settings)
        try:
            step(client, me, "close", case, solution=f"方案 {place}")
            return "closed"
        except Conflict as conflict:
            return conflict.code
        finally:
            client.connection.release()

    outcomes = list(eventlet.GreenPool(6).imap(close, range(6)))
    assert outcomes.count("closed") == 1
    assert set(outcomes) <= {"closed", "case-already-closed", "stale-version"}
    assert len(service.published("case.closed")) == 1


def test_an_assigned_case_is_seen_by_its_handler(service: RunningService) -> None:
    """SD-06: the handler answers for it from now on."""
    desk, agent = caller("case.read:all", "case.write:all"), caller(*ALL)
    an_account(service, agent)
    case = a_case(service, desk)
    assert found(service, agent) == []
    assigned = step(service, desk, "assign", case, handler_id=str(agent.account_id))
    assert assigned["owner_id"] == assigned["handler_id"] == str(agent.account_id)
    assert found(service, agent) == [case["id"]]
    assert found(service, desk, **{"filter[opened_by]": str(desk.account_id)}) == [case["id"]]
    given = a_case(service, desk, handler_id=str(agent.account_id))
    assert (given["owner_id"], given["opened_by"]) == (str(agent.account_id), str(desk.account_id))
    assert len(service.published("case.assigned")) == 1


def test_a_case_is_given_only_to_people_within_reach_who_are_still_there(service: RunningService) -> None:
    """SD-06 (M-22, M-37)."""
    agent, desk = caller(*ALL), caller("case.read:all", "case.write:all")
    case, colleague = a_case(service, agent), str(service.employ())
    with pytest.raises(Forbidden) as refused:
        step(service, agent, "assign", case, handler_id=colleague)
    assert refused.value.code == "owner-out-of-reach"
    with pytest.raises(Forbidden):
        a_case(service, agent, handler_id=colleague)
    for nobody, code in ((service.employ(active=False), "account-left"), (new_id(), "unknown-account")):
        for asked in (
            lambda nobody=nobody: step(service, desk, "assign", case, handler_id=str(nobody)),
            lambda nobody=nobody: a_case(service, desk, handler_id=str(nobody)),
        ):
            with pytest.raises(Invalid) as gone:
                asked()
            assert (gone.value.code, gone.value.errors[0]["field"]) == (code, "handler_id")
    with pytest.raises(Invalid):
        step(service, desk, "assign", case, handler_id=None)


def test_notes_are_kept_in_order_also_on_a_closed_case(service: RunningService) -> None:
    """SD-06."""
    me = caller(*ALL)
    case = a_case(service, me)
    for text in ("已致电客户", "Sent the\nscreenshots"):
        note = service.call("create_case_note", me, case_id=case["id"], data={"text": text})
        assert (note["case_id"], note["author_id"]) == (case["id"], str(me.account_id))
    step(service, me, "close", case, solution="好了")
    service.call("create_case_note", me, case_id=case["id"], data={"text": "客户致谢"})
    page = service.call("list_case_notes", me, case_id=case["id"], query={"limit": "2"})
    assert [item["text"] for item in page["items"]] == ["客户致谢", "Sent the\nscreenshots"]
    rest = service.call(
        "list_case_notes", me, case_id=case["id"], query={"limit": "2", "cursor": page["next"]}
    )
    assert [item["text"] for item in rest["items"]] == ["已致电客户"]
    noted = service.published("case.noted")[0].data
    assert (noted["case_id"], noted["text"]) == (case["id"], "已致电客户")
    other = a_case(service, me)
    assert service.call("list_case_notes", me, case_id=other["id"], query={})["items"] == []
    for bad in ("", None, "x" * 5001):
        with pytest.raises(Invalid):
            service.call("create_case_note", me, case_id=case["id"], data={"text": bad})


def test_a_cases_history_tells_what_each_step_and_each_correction_changed(service: RunningService) -> None:
    """SD-06, CU-23."""
    me = caller(*ALL)
    case = a_case(service, me)
    step(service, me, "start", case)
    service.call("update_case", me, case_id=case["id"], data={"priority": "urgent"})
    updated, started, opened = service.call("list_case_history", me, case_id=case["id"], query={})["items"]
    assert (opened["action"], opened["operation"]) == ("opened", "create_case")
    assert opened["changes"]["subject"] == [None, "无法导出客户列表"]
    assert started["changes"]["status"] == ["open", "in_progress"]
    assert (updated["action"], updated["operation"], updated["to_status"]) == (
        "updated", "update_case", "in_progress",
    )  # fmt: skip
    assert updated["changes"] == {"priority": ["normal", "urgent"]}
    query = {"filter[field]": "priority"}
    told = service.call("list_case_history", me, case_id=case["id"], query=query)["items"]
    assert [entry["action"] for entry in told] == ["updated", "opened"]
