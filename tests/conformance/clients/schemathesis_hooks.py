"""What schemathesis has to be told of this API, and one check more than it has itself."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import schemathesis

LONGEST_QUERY = 15_000
KEY, OWN_PAGE = "Idempotency-Key", "X-CSRF-Protection"
RULES = json.loads(os.environ["KEHU_RULES"])
"""What such a refusal may say, since no schema can."""


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Send each valid request with a key of its own: the same one for another body is refused, as it should be.

    And leave out the longest filters where all of them together are more than a request's first line can hold.
    """
    if case.method.upper() != case.operation.method.upper() or (
        case.meta and case.meta.generation.mode.is_positive
    ):
        while case.query and len(urlencode(case.query, doseq=True)) > LONGEST_QUERY:
            del case.query[max(case.query, key=lambda name: len(str(case.query[name])))]
    if case.headers and case.operation.label == "POST /v1/auth/session":
        # Guesses at passwords would use up what this address may try: as another site's they are refused before that.
        case.headers.pop(OWN_PAGE, None)
    if case.headers and KEY in case.headers and case.meta and case.meta.generation.mode.is_positive:
        case.headers[KEY] = str(uuid4())


@schemathesis.check
def valid_input_is_not_called_invalid(ctx: Any, response: Any, case: Any) -> None:
    """A request that the schema allows may be refused by a rule of business, which no schema can say, but only by one.

    `positive_data_acceptance` has to let 422 pass for that reason. `invalid-input` is what the service's own schema
    says before most rules are asked: there the document is wider than what it describes, but for what is excused.
    """
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    problem = response.json()
    told = [f"{error['field']}: {error['message']}" for error in problem.get("errors", ())]
    wrong = [line for line in told if not any(rule in line for rule in RULES)]
    if problem.get("code") == "invalid-input" and wrong:
        raise AssertionError(f"the document allows what is refused: {wrong}")
