"""What the kit declares and exports, asked of the code in a process of its own.

Importing the kit brings eventlet and Nameko along, which have no business in tests that only read files.
"""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

from tests.deploy.manifests import ROOT, services

_QUESTION = """
import json, sys
from uuid import UUID
from prometheus_client import Counter, Gauge, Histogram
from identity.webhooks import metrics as webhooks
from servicekit.base import metrics
from servicekit.messages import topology
from servicekit.base.settings import Settings
settings = Settings(_secrets_dir=None)
print(json.dumps({
    "feed": topology.FEED,
    "everybody": topology.EVERYBODY.name,
    "requests": topology.RPC_EXCHANGE.name,
    "services": {
        service: {
            "events": topology.events_exchange(service).name,
            "direct": topology.direct_exchange(service).name,
            "rpc": topology.rpc_queue(service).name,
            "presence": topology.presence_queue(service, UUID(int=0)).name,
            "inbox": topology.inbox_queue(service).name,
            "retry": [topology.retry_queue(service, delay).name for delay in settings.event_retry_delays],
            "database": settings.database_url_of(service).rsplit("/", 1)[1],
        }
        for service in sys.argv[1:]
    },
    "pool": settings.database_pool_size + settings.database_autocommit_pool_size,
    "timeout": settings.operation_timeout,
    "settings": sorted(Settings.model_fields),
    "metrics": {
        metric._name + ("_total" if isinstance(metric, Counter) else ""): sorted(metric._labelnames)
        for metric in (*vars(metrics).values(), *vars(webhooks).values())
        if isinstance(metric, (Counter, Gauge, Histogram))
    },
}))
"""


@cache
def kit() -> dict[str, Any]:
    """Return names, settings and metrics as the kit has them."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _QUESTION, *services()],
        env={
            **inherited,
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "libs/servicekit", ROOT / "services/identity"))),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
