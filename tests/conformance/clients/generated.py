"""Drive the client that openapi-python-client has generated: sign in, turn a lead into a customer, read everything.

    generated.py FOLDER URL < {"username": …, "password": …, "ids": {…}, "reads": […], "tag": …}

The generated models raise where an answer is not what the document says: a member that is missing, a value that is none
of an enumeration, a time that is none. So that every answer is read into one is the check.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

ABSENT = "01936f3a-7c00-7000-8000-00000000dead"
"""The id of what there is none of: then the answer is read into a problem."""


class Generated:
    """The package, by the names that the document gives to its operations."""

    def __init__(self, folder: Path, url: str) -> None:
        sys.path.insert(0, str(folder.parent))
        self.name = folder.name
        self.modules = {path.stem: path for path in (folder / "api").rglob("*.py") if path.stem != "__init__"}
        self.models = importlib.import_module(f"{self.name}.models")
        self.client_module = importlib.import_module(f"{self.name}.client")
        self.url = url
        self.client = self.client_module.Client(base_url=url, raise_on_unexpected_status=True, timeout=60)

    def operation(self, name: str) -> ModuleType:
        path = self.modules[re.sub("_+", "_", name).strip("_")]
        return importlib.import_module(f"{self.name}.api.{path.parent.name}.{path.stem}")

    def ask(self, operation: str, *path: Any, body: dict[str, Any] | None = None, **query: Any) -> Any:
        """Call an operation, and return what the client has read its answer into."""
        module = self.operation(operation)
        values = {**query}
        if body is not None:
            values["body"] = self.model_of(module, "body").from_dict(body)
        answer = module.sync_detailed(*path, client=self.client, **values)
        if int(answer.status_code) >= 300:
            raise AssertionError(f"{operation}: {answer.status_code} {answer.content!r}")
        return answer.parsed

    def model_of(self, module: ModuleType, parameter: str) -> Any:
        """Return the class of a parameter; the annotation is a text that may also name `Unset`."""
        annotation = str(inspect.signature(module.sync_detailed).parameters[parameter].annotation)
        name = annotation.removeprefix("<class '").removesuffix("'>").split("|")[0].strip().rpartition(".")[2]
        return getattr(self.models, name)

    def sign_in(self, operation: str, username: str, password: str) -> None:
        form = {"grant_type": "password", "username": username, "password": password}
        tokens = self.ask(operation, body=form)
        self.client = self.client_module.AuthenticatedClient(
            base_url=self.url, token=tokens.access_token, raise_on_unexpected_status=True, timeout=60
        )

    def read(self, operation: str, ids: dict[str, str], queries: dict[str, Any]) -> int:
        """Call an operation that reads, with ids that there are; return how many records the answer had."""
        module = self.operation(operation)
        values: dict[str, Any] = {}
        for name, parameter in inspect.signature(module.sync_detailed).parameters.items():
            if name in ids and parameter.default is inspect.Parameter.empty:
                values[name] = UUID(ids[name]) if "UUID" in str(parameter.annotation) else ids[name]
        if ABSENT in values.values() or UUID(ABSENT) in values.values():
            answer = module.sync_detailed(client=self.client, **values, **queries)
            assert (answer.status_code, answer.parsed.status) == (404, 404), answer
            return 1
        found = self.ask(operation, **values, **queries)
        return len(getattr(found, "items", None) or [found])


def main() -> None:
    folder, url = Path(sys.argv[1]), sys.argv[2]
    given = json.load(sys.stdin)
    generated = Generated(folder, url)
    generated.sign_in(given["sign_in"], given["username"], given["password"])
    tag = given["tag"]
    lead = generated.ask(
        "create_lead", body={"company_name": f"生成 {tag} 有限公司", "contact_name": "周静怡"}
    )
    opportunity = {
        "name": f"生成 {tag}", "amount": "36000.00", "currency": "CNY", "expected_close_on": given["close_on"],
    }  # fmt: skip
    converted = generated.ask("convert_lead", lead.id, body={"opportunity": opportunity})
    named = {"filtername": f"生成 {tag} 有限公司"}
    until = time.monotonic() + 60
    while not (customers := generated.ask("list_customers", **named).items) and time.monotonic() < until:
        time.sleep(0.1)
    assert [customer.id for customer in customers] == [converted.customer_id], customers
    both = generated.ask("list_customers", filteridin=[converted.customer_id, UUID(ABSENT)])
    assert [customer.id for customer in both.items] == [converted.customer_id], both
    problems, records = [], 0
    for operation, queries in given["reads"].items():
        try:
            records += generated.read(operation, given["ids"], queries)
        except Exception as error:
            problems.append(f"{operation}: {type(error).__name__}: {error}"[:600])
    print(json.dumps({"problems": problems, "operations": len(given["reads"]), "records": records}))


if __name__ == "__main__":
    main()
