"""A fixed fortieth of the real pipeline, asked over HTTP only; ``make pipeline`` runs the whole.

The data are no part of the repository; where they do not lie beside the checkout, conftest.py leaves these tests out.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.system.pipeline import Pipeline


@pytest.fixture(scope="module")
def pipeline(platform: Any) -> Iterator[Pipeline]:
    run = Pipeline(platform.url, platform.admin_password, every=40)
    run.run()
    run.wait_for_receivables()
    yield run


def test_every_opportunity_is_in_its_stage(pipeline: Pipeline) -> None:
    assert pipeline.stages() == pipeline.expected_stages()
    assert sum(pipeline.expected_stages().values()) == 220


def test_every_won_opportunity_has_one_signed_contract_with_one_receivable(pipeline: Pipeline) -> None:
    contracts = {
        c["id"]: Decimal(c["amount"]) for c in pipeline.director.pages("/v1/contracts?filter[status]=signed")
    }
    receivables = pipeline.receivables()
    assert len(contracts) == pipeline.expected_stages()["won"]
    assert receivables == {contract_id: [amount] for contract_id, amount in contracts.items()}


def test_the_receivables_sum_to_what_was_won_to_the_cent(pipeline: Pipeline) -> None:
    total = sum((amount for amounts in pipeline.receivables().values() for amount in amounts), Decimal(0))
    assert total == pipeline.expected_sum() > 0


def test_historic_rows_keep_their_own_dates(pipeline: Pipeline) -> None:
    won = next(row for row in pipeline.rows if row["deal_stage"] == "Won")
    found = pipeline.director.get(f"/v1/opportunities?filter[name][contains]={won['opportunity_id']}")[
        "items"
    ]
    assert len(found) == 1
    day, month, year = (int(part) for part in (won["close_date"].split("/")[i] for i in (1, 0, 2)))
    assert found[0]["closed_on"] == f"{year}-{month:02d}-{day:02d}"
    contract = pipeline.director.get(f"/v1/contracts?filter[opportunity_id]={found[0]['id']}")["items"][0]
    assert contract["signed_on"] == found[0]["closed_on"]


def test_an_agent_sees_what_is_theirs_and_a_manager_what_is_their_peoples(pipeline: Pipeline) -> None:
    rows = Counter(row["sales_agent"] for row in pipeline.rows)
    manager, agents = next(iter(pipeline.managers.items()))
    busy = [agent for agent in agents if rows[agent]][:2]
    for agent in busy:
        assert pipeline.count(pipeline.sign_in(agent), "/v1/opportunities") == rows[agent]
    seen_by_manager = pipeline.count(pipeline.sign_in(manager), "/v1/opportunities")
    assert seen_by_manager == sum(rows[agent] for agent in agents)
