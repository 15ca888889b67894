"""How gunicorn runs the gateway: ``gunicorn -k asgi -c gateway/gateway/gunicorn_conf.py gateway.app:app``."""

import gc
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

PACKAGE_FOLDER = str(Path(__file__).resolve().parents[1])
sys.path.insert(0, PACKAGE_FOLDER)

from gunicorn.workers import gasgi  # noqa: E402

from gateway.edge.connections import LONGEST_REQUEST_LINE, OurProtocol  # noqa: E402
from gateway.settings import Settings  # noqa: E402

gasgi.ASGIProtocol = OurProtocol

settings = Settings()

worker_class = "asgi"
asgi_loop = "uvloop"
asgi_lifespan = "on"
pythonpath = PACKAGE_FOLDER
bind = f"{settings.bind}:{settings.port}"
workers = settings.workers
# A list of 200 ids is 7,700 bytes long, each comma percent-encoded; the proxy takes as much (proxy.conf).
limit_request_line = LONGEST_REQUEST_LINE
# The workers share what the application is made of instead of loading it once each.
preload_app = True
worker_connections = 2000
backlog = 1024
timeout = 30
# What a client began is finished or timed out by then; only idle connections and operators' long answers are left.
graceful_timeout = int(settings.rpc_timeout) + 2
# How long a connection may bring no whole header: before its first request by OurProtocol, then by gunicorn.
keepalive = settings.header_timeout
control_socket_disable = True
# Requests are written down by the gateway itself, with what gunicorn cannot know.
accesslog = None
logger_class = "gateway.logs.GunicornLogger"
loglevel = settings.log_level.lower()
proc_name = "kehu-gateway"

# Each run of the gateway counts in a folder of its own, which every worker writes to and any of them reads.
_own_metrics_folder = "PROMETHEUS_MULTIPROC_DIR" not in os.environ
if _own_metrics_folder:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="kehu-gateway-metrics-")
_metrics_folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
_metrics_folder.mkdir(parents=True, exist_ok=True)
for _left_over in _metrics_folder.glob("*.db"):
    _left_over.unlink()


def pre_fork(server: Any, worker: Any) -> None:
    """Keep the garbage collector from touching, and so copying, the pages that the workers share."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Let requests that wait for events go when the worker is told to stop, and only then wait for the others."""
    from gateway.leaving import leave

    def stop() -> None:
        leave()
        worker.handle_exit_signal()

    worker.loop.add_signal_handler(signal.SIGTERM, stop)


def child_exit(server: Any, worker: Any) -> None:
    """Take a worker that has ended out of the gauges of living workers."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Remove the metrics of this run."""
    if _own_metrics_folder:
        shutil.rmtree(_metrics_folder, ignore_errors=True)
