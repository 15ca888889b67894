"""Who may ask what somebody else reaches, and what services are told of them."""

import orjson
import pytest

from servicekit import Forbidden, Invalid, NotFound, new_id
from servicekit.base.callers import Callers
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.identity.people import acting, an_account, the_administrator


def test_whoever_keeps_an_account_or_is_above_it_may_ask_about_it(service: RunningService) -> None:
    admin = the_administrator(service)
    boss = an_account(service, admin, "chen.zong")
    wang = an_account(service, admin, "wang.fang", manager_id=boss["id"])
    for who in (admin, acting(service, boss["id"]), acting(service, wang["id"])):
        told = service.call("resolve_subject", who, account_id=wang["id"])
        signed = Callers(service.settings).read_subject(orjson.dumps(told).decode())
        assert signed == acting(service, wang["id"])
    with pytest.raises(Forbidden) as refused:
        service.call("resolve_subject", acting(service, wang["id"]), account_id=boss["id"])
    assert refused.value.code == "account-out-of-reach"


def test_what_is_signed_of_a_subject_is_no_caller(service: RunningService) -> None:
    admin = the_administrator(service)
    told = service.call("resolve_subject", admin, account_id=str(admin.account_id))
    with pytest.raises(Forbidden):
        Callers(service.settings).read(orjson.dumps(told).decode())


def test_nobody_is_asked_about_who_is_not_there(service: RunningService) -> None:
    admin = the_administrator(service)
    with pytest.raises(NotFound):
        service.call("resolve_subject", admin, account_id=str(new_id()))
    with pytest.raises(Invalid):
        service.call("resolve_subject", admin, account_id="nobody")
    with pytest.raises(Forbidden):
        service.call("resolve_subject", caller("lead.read:all"), account_id=str(admin.account_id))
