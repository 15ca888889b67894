"""The permissions that the gateway's own routes are about; the services check them, whoever offers the route."""

from typing import Any

OPERATE = "bus.operate"

NEEDS_OPERATE: dict[str, Any] = {"x-permission": OPERATE, "x-scope": "all"}
"""What a route for operators says of itself in the document."""

OWN_PERMISSIONS: dict[str, Any] = {
    "bus": {
        "service": "gateway",
        "x-label": {"zh": "消息总线", "en": "Event bus"},
        "x-order": 1,
        "deeds": {
            "operate": {"x-label": {"zh": "运维", "en": "Operate"}, "x-order": 1, "scopes": ["all"]},
        },
    },
    "process": {
        "service": "gateway",
        "x-label": {"zh": "业务流程", "en": "Processes"},
        "x-order": 2,
        "deeds": {
            "read": {
                "x-label": {"zh": "查看他人发起的", "en": "See those begun by others"},
                "x-order": 1,
                "scopes": ["all"],
                "x-inside": True,
            },
        },
    },
}
"""What they are called, as ``x-permissions`` of the services' contracts has it (docs/decisions/0032)."""
