"""Creating over HTTP, with outbox, history, journal and number, against reading the same: the nouns one by one."""

import secrets
from functools import partial

import orjson

from bench.load import wrk
from bench.measure import Report, Row, Size, alternate
from bench.office import Office, one_worker
from bench.stage import Stage

CONNECTIONS = 16
TARGETS = {"contracts": 0.5, "customers": 0.35, "leads": 0.5, "cases": 0.5}
"""Of each noun's rate of reading; a customer comes with a contact, and three services copy both."""


def measure(stage: Stage, size: Size) -> Report:
    """Measure making and reading of each noun in turn."""
    one_worker(stage)
    office = Office(stage)
    bodies = {
        "contracts": office.contract(),
        "customers": {
            "name": f"上海云图科技 {secrets.token_hex(4)} {{n}} 有限公司",
            "contact": {"name": "张伟", "mobile": "138-0013-8000"},
        },
        "leads": {"company_name": "上海云图科技有限公司", "contact_name": "张伟", "mobile": "138-0013-8000"},
        "cases": {"customer_id": office.customer_id, "subject": "无法导出客户列表", "channel": "phone"},
    }
    made = {noun: office.client.post(f"/v1/{noun}", body)["id"] for noun, body in bodies.items()}

    def create(noun: str) -> float:
        url, body = f"{stage.platform.url}/v1/{noun}", orjson.dumps(bodies[noun])
        return wrk(url, size.seconds, connections=CONNECTIONS, headers=office.headers, body=body)

    def read(noun: str) -> float:
        url = f"{stage.platform.url}/v1/{noun}/{made[noun]}"
        return wrk(url, size.seconds, connections=CONNECTIONS, headers=office.headers)

    rows = []
    for noun, target in TARGETS.items():
        figures = alternate(size, {"create": partial(create, noun), "read": partial(read, noun)})
        name, baseline = f"creating over HTTP: {noun}", "reading one"
        rows.append(Row(name, "/s", figures["create"], baseline, figures["read"], target))
    return Report(rows)
