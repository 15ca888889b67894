"""Verify deliveries with `standardwebhooks` and read them with `cloudevents`, and refuse what was tampered with.

deliveries.py < {"secret": "whsec_…", "other": "whsec_…", "deliveries": [{"headers": {…}, "body": "…"}, …]}
"""

from __future__ import annotations

import json
import sys
from typing import Any

from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from standardwebhooks import Webhook, WebhookVerificationError


def is_refused(secret: str, body: str, headers: dict[str, str]) -> bool:
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return True
    return False


def main() -> None:
    given = json.load(sys.stdin)
    read: list[dict[str, Any]] = []
    refused = 0
    for delivery in given["deliveries"]:
        headers, body = delivery["headers"], delivery["body"]
        assert Webhook(given["secret"]).verify(body, headers) == json.loads(body)
        refused += is_refused(given["other"], body, headers)
        refused += is_refused(given["secret"], body.replace("finance", "sales") + " ", headers)
        refused += is_refused(given["secret"], body, {**headers, "webhook-timestamp": "1"})
        event = from_http_event(HTTPMessage(headers=headers, body=body.encode()))
        read.append({"id": event.get_id(), "type": event.get_type(), "subject": event.get_subject()})
    print(json.dumps({"read": read, "refused": refused}))


if __name__ == "__main__":
    main()
