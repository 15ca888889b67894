"""The operator's command line: ``kehu bus status``, ``kehu bus parked list``, and so on."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import amqp

from servicekit.base.errors import OperationError
from servicekit.base.settings import Settings
from servicekit.operating import tasks
from servicekit.operating.client import Console

Rows = Iterable[dict[str, Any]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the words behind ``bus``."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for machines")
    parser.add_argument(
        "--services", help="names, separated by commas (default: KEHU_SERVICES, or services/*)"
    )
    words = parser.add_subparsers(dest="word", required=True)

    word = words.add_parser("status", help="outbox lag, queue depths, failed events")
    word.add_argument("--service", help="only this one")
    word.set_defaults(run=_status)

    parked = words.add_parser("parked", help="events that were given up").add_subparsers(
        dest="what", required=True
    )
    word = parked.add_parser("list", help="all of them, with their error")
    word.add_argument("--service", help="only of this one")
    word.add_argument("--state", default="parked", help="parked, retrying, redriven, discarded, or all")
    word.set_defaults(run=_list)
    for name, what, run in (
        ("show", "one with its payload", _show),
        ("redrive", "have one handled once more", _redrive),
        ("discard", "give one up, for a reason", _discard),
    ):
        word = parked.add_parser(name, help=what)
        word.add_argument("service")
        word.add_argument("event_id")
        word.set_defaults(run=run)
    parked.choices["redrive"].add_argument("--again", action="store_true", help="even if it is on its way")
    parked.choices["discard"].add_argument("--reason", required=True)
    word = parked.add_parser("redrive-all", help="have all of a service handled once more")
    word.add_argument("service")
    word.add_argument("--type", action="append", default=[], help="only of this type; may be repeated")
    word.set_defaults(run=_redrive_all)

    word = words.add_parser("replay", help="send a service's events once more to one consumer")
    word.add_argument("service")
    word.add_argument("--to", required=True, metavar="CONSUMER")
    word.add_argument("--since", metavar="TIME", help="RFC 3339; default: everything kept")
    word.add_argument("--type", action="append", default=[], help="only of this type; may be repeated")
    word.add_argument("--again", action="store_true", help="handle also what has been handled before")
    word.set_defaults(run=_replay)

    word = words.add_parser("rebuild", help="have one consumer's copy of a service's records told anew")
    word.add_argument("consumer")
    word.add_argument("--of", required=True, metavar="SERVICE", help="whose records the copy is of")
    word.add_argument("--type", action="append", default=[], help="only of this type; may be repeated")
    word.add_argument("--from-empty", action="store_true", help="drop the copy first")
    word.set_defaults(run=_rebuild)

    word = words.add_parser("history", help="see that nobody has changed the history of records")
    word.add_argument("--service", help="only of this one")
    word.add_argument(
        "--known", action="append", default=[], metavar="SERVICE:POSITION:DIGEST", type=_head,
        help="a head that this command printed before; may be repeated",
    )  # fmt: skip
    word.add_argument("--accept", action="store_true", help="take it for the true one, after a restore")
    word.set_defaults(run=_history)

    word = words.add_parser("audit", help="compare the services' records and print every difference")
    word.add_argument("--kind", action="append", default=[], help="only this audit; may be repeated")
    word.add_argument(
        "--grace", type=float, default=60.0, help="leave rows alone that changed so many seconds ago"
    )
    word.add_argument("--mend", action="store_true", help="have told again what can be")
    word.set_defaults(run=_audit)


def run(asked: argparse.Namespace, settings: Settings) -> int:
    """Carry out what was asked for; 0 if all is well, 1 if not, 2 if it could not be done."""
    console = Console(settings)
    show: Callable[[Rows], None] = _as_json if asked.json else _as_table
    try:
        code: int = asked.run(console, asked, show)
    except OperationError as error:
        print(f"{error.code}: {error.detail}", file=sys.stderr)
        return 2
    except amqp.exceptions.AccessRefused as error:
        print(f"the account of AMQP_URL may not do this: {error.reply_text}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"the broker cannot be reached: {error}", file=sys.stderr)
        return 2
    finally:
        console.close()
    return code


def _head(text: str) -> tuple[str, int, str]:
    service, position, digest = text.split(":")
    return service, int(position), digest


def _services(asked: argparse.Namespace) -> list[str]:
    if one := getattr(asked, "service", None):
        return [one]
    named = asked.services or os.environ.get("KEHU_SERVICES", "")
    if named:
        return [name.strip() for name in named.split(",") if name.strip()]
    roots = (Path.cwd(), Path(__file__).resolve().parents[4])
    found = (sorted(path.parent.name for path in root.glob("services/*/api")) for root in roots)
    return next((names for names in found if names), [])


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "console"


def _status(console: Console, asked: argparse.Namespace, show: Callable[[Rows], None]) -> int:
    answers = tasks.status(console.call, _services(asked))
    if asked.json:
        show(answers)
    else:
        show(_status_row(answer) for answer in answers)
    return (
        1
        if any(answer.get("failed", {}).get("parked") or "unavailable" in answer for answer in answers)
        else 0
    )


def _status_row(answer: dict[str, Any]) -> dict[str, Any]:
    if "unavailable" in answer:
        return {"service": answer["service"], "state": answer["unavailable"]}
    depth = {queue["name"]: queue["messages"] for queue in answer["queues"]}
    name = answer["service"]
    return {
        "service": name,
        "state": "ok",
        "outbox": answer["outbox"]["waiting"],
        "lag s": answer["outbox"]["lag_seconds"],
        "rpc": depth.get(f"rpc-{name}"),
        "inbox": depth.get(f"{name}.inbox"),
        "retry": sum(count or 0 for queue, count in depth.items() if ".retry." in queue),
        **{state: count for state, count in answer["failed"].items() if state != "discarded"},
    }


def _history(console: Console, asked: argparse.Namespace, show: Callable[[Rows], None]) -> int:
    """Print how far each service's history is proven, then what is wrong with it."""
    answers = []
    for service in _services(asked):
        if asked.accept:
            console.call(service, "accept_history", by=_user())
        heads = [head for name, *head in asked.known if name == service]
        answers.append(tasks.check_history(console.call, service, heads))
    if asked.json:
        show(answers)
    else:
        show(
            {name: each[name] for name in ("service", "rows", "head", "digest", "noted")} for each in answers
        )
        show({"service": each["service"], **problem} for each in answers for problem in each["problems"])
    return 1 if any(each["problems"] for each in answers) else 0


def _list(console: Console, asked: argparse.Namespace, show: Callable[[Rows], None]) -> int:
    state = None if asked.state == "all" else asked.state
    columns = (
        None if asked.json else ("service", "event_id", "type", "state", "attempts", "failed_at", "error")
    )

    parked = 0

    def rows() -> Rows:
        nonlocal parked
        for service in _services(asked):
            for event in tasks.failed_events(console.call, service, state):
                parked += event["state"] == "parked"
                row = {"service": service, **event}
                yield row if columns is None else {name: row[name] for name in columns}

    show(rows())
    return 1 if parked else 0


def _show(console: Console, asked: argparse.Namespace, show: Callable[[Rows], None]) -> int:
    event = console.call(asked.service, "show_failed_event", event_id=asked.event_id)
    print(json.dumps(event, ensure_ascii=False, indent=None if asked.json else 2))
    return 0


def _redrive(console: Console, asked: argparse.Namespace, show: Callable[[Rows], None]) -> int:
    event = console.call(
        asked.service, "redrive_event", event_id=asked.event_id, by=_user(), again=asked.again
    )
    show([{"event_id": event["event_id"], "type": event["type"], "state": event["state"]}])
    return 0


def _discard(console: Console, asked: argparse.Namespace, show: Callable[[Rows], None]) -> int:
    event = console.call(
        asked.service, "discard_event", event_id=asked.event_id, reason=asked.reason, by=_user()
    )
    show([{name: event[name] for name in ("event_id", "type", "state", "note", "noted_by")}])
    return 0


def _redrive_all(console: Console, asked: argparse.Namespace, show: Callable[[Rows], None]) -> int:
    show([{"redriven": tasks.redrive_all(console.call, asked.service, _user(), asked.type or None)}])
    return 0


def _replay(console: Console, asked: argparse.Namespace, show: Callable[[Rows], None]) -> int:
    result = tasks.replay(console.call, asked.service, asked.to, asked.since, asked.type, again=asked.again)
    show([result])
    if result["kept_since"]:
        print(
            f"older events than {result['kept_since']} are no longer kept: rebuild instead", file=sys.stderr
        )
    return 0


def _rebuild(console: Console, asked: argparse.Namespace, show: Callable[[Rows], None]) -> int:
    show([tasks.rebuild(console.call, asked.consumer, asked.of, asked.type, from_empty=asked.from_empty)])
    return 0


def _audit(console: Console, asked: argparse.Namespace, show: Callable[[Rows], None]) -> int:
    answers = tasks.status(console.call, _services(asked))
    away = [answer["service"] for answer in answers if "unavailable" in answer]
    if away:
        print(f"not compared, because they do not answer: {', '.join(away)}", file=sys.stderr)
    count = 0

    def counted() -> Rows:
        nonlocal count
        for difference in tasks.audit(console.call, answers, asked.kind, grace=asked.grace, mend=asked.mend):
            count += 1
            yield difference

    show(counted())
    print(f"{count} differences", file=sys.stderr)
    return 1 if count or away else 0


def _as_json(rows: Rows) -> None:
    for row in rows:
        print(json.dumps(row, ensure_ascii=False), flush=True)


def _as_table(rows: Rows, page: int = 200) -> None:
    """Print rows under their names; widths are those of the first page, so that any number can be printed."""
    widths: dict[str, int] = {}
    waiting: list[dict[str, Any]] = []

    def flush() -> None:
        if not widths:
            for row in waiting:
                for name, value in row.items():
                    widths[name] = max(widths.get(name, len(name)), len(_cell(value)))
            print("  ".join(name.ljust(width) for name, width in widths.items()).rstrip())
        for row in waiting:
            print(
                "  ".join(_cell(row.get(name)).ljust(width) for name, width in widths.items()).rstrip(),
                flush=True,
            )
        waiting.clear()

    for row in rows:
        waiting.append(row)
        if len(waiting) == page:
            flush()
    if waiting or not widths:
        flush() if waiting else print("none")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value).replace("\n", " ")[:160]
