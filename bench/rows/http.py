"""Reading one contract over HTTP, against a stock Nameko pair and FastAPI straight on PostgreSQL; and creating one.

All four answer from the same tables of the same database, with the same JSON, from one worker process a layer.
"""

from contextlib import ExitStack
from functools import partial

import orjson

from bench.load import fetch, wrk
from bench.measure import Report, Row, Size, alternate
from bench.office import Office, one_worker
from bench.stage import Stage, wait_for
from stack.output import Trouble

CONNECTIONS = 16


def answers_with(url: str, headers: dict[str, str]) -> bool:
    """Tell whether there is a good answer at an address."""
    return bool(fetch(url, headers)[0] == 200)


def measure(stage: Stage, size: Size) -> Report:
    """Measure reading in three ways and creating in one, in turn."""
    one_worker(stage)
    office = Office(stage)
    made = office.client.post("/v1/contracts", office.contract())
    path = f"/v1/contracts/{made['id']}"
    stock, straight = stage.port("bench-stock-web"), stage.port("bench-straight")
    urls = {
        "ours": stage.platform.url + path,
        "stock": f"http://127.0.0.1:{stock}{path}",
        "straight": f"http://127.0.0.1:{straight}{path}",
    }
    database = {"CONTRACT_URL": stage.database_url(stage.service_database("contract"))}
    with ExitStack() as subjects:
        start = subjects.enter_context
        start(stage.running("bench-stock-web", "stock_contracts.py", "WebService", WEB_PORT=str(stock)))
        start(stage.running("bench-stock-contracts", "stock_contracts.py", "ContractService", **database))
        start(
            stage.running(
                "bench-straight", "-m", "gunicorn", "-c", "straight_conf.py", "straight:app",
                BIND=f"127.0.0.1:{straight}", **database,
            )
        )  # fmt: skip
        headers = office.headers
        for name, url in urls.items():
            wait_for(partial(answers_with, url, headers), 90, f"{name} at {url}", pause=0.2)
        answers = {name: orjson.loads(fetch(url, headers)[1]) for name, url in urls.items()}
        for name, answer in answers.items():
            if answer != answers["ours"]:
                raise Trouble(f"{name} answers something else: {answer} instead of {answers['ours']}")

        def load(name: str) -> float:
            return wrk(urls[name], size.seconds, connections=CONNECTIONS, headers=headers)

        def create() -> float:
            body = orjson.dumps(office.contract())
            url = stage.platform.url + "/v1/contracts"
            return wrk(url, size.seconds, connections=CONNECTIONS, headers=headers, body=body)

        figures = alternate(
            size,
            {
                "ours": lambda: load("ours"),
                "stock": lambda: load("stock"),
                "straight": lambda: load("straight"),
                "create": create,
            },
        )
    return Report(
        [
            Row(
                "reading one record over HTTP",
                "/s",
                figures["ours"],
                "stock Nameko pair",
                figures["stock"],
                2.5,
            ),
            Row("", "/s", figures["ours"], "FastAPI on PostgreSQL", figures["straight"], 0.35),
            Row(
                "creating over HTTP, with outbox",
                "/s",
                figures["create"],
                "reading one record",
                figures["ours"],
                0.5,
            ),
        ]
    )
