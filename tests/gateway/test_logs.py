"""What is written down of a request, and where settings come from."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.gateway.conftest import StartGateway
from tests.gateway.fakes import FakeServices
from tests.gateway.identity import ACCOUNT_ID, a_token, bearer

REPOSITORY = Path(__file__).resolve().parents[2]


def test_a_request_is_one_line_without_secrets(
    start_gateway: StartGateway, services: FakeServices, capsys: pytest.CaptureFixture[str]
) -> None:
    services.on("echo.get_thing", {"id": "1", "version": 1})
    token = a_token()
    answer = start_gateway().get("/v1/things/1?", headers=bearer(token))
    written = capsys.readouterr().out
    lines = [json.loads(line) for line in written.splitlines()]
    (line,) = [line for line in lines if line.get("route") == "/v1/things/{thing_id}"]
    assert (line["event"], line["method"], line["status"]) == ("request", "GET", 200)
    assert line["correlation_id"] == answer.headers["x-correlation-id"]
    assert line["account_id"] == ACCOUNT_ID
    assert line["ms"] > 0
    assert token not in written


def test_a_setting_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "AMQP_URL").write_text("amqp://from-a-file/")
    program = "from gateway.settings import Settings; print(Settings().amqp_url)"
    environment = {"KEHU_SECRETS_DIR": str(tmp_path), "PYTHONPATH": str(REPOSITORY / "gateway")}
    output = subprocess.check_output([sys.executable, "-c", program], env=environment, text=True)
    assert output.strip() == "amqp://from-a-file/"


def test_the_gateway_loads_neither_nameko_nor_eventlet() -> None:
    program = (
        "import sys, gateway.app;"
        "print([name for name in ('nameko', 'eventlet', 'kombu', 'servicekit') if name in sys.modules])"
    )
    environment = {"PYTHONPATH": str(REPOSITORY / "gateway"), "GATEWAY_API_DIR": "/nonexistent"}
    output = subprocess.check_output([sys.executable, "-c", program], env=environment, text=True)
    assert output.strip() == "[]"
