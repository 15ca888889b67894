"""Alerts and dashboard speak of metrics that exist, in words a person on call can act on."""

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from tests.deploy.kit import kit
from tests.deploy.manifests import named, of_kind, rendered

ROOT = Path(__file__).resolve().parents[2]
OBSERVABILITY = ROOT / "deploy" / "observability"

# What the kit and the gateway export, with the labels of each.
HISTOGRAMS = {
    "kehu_operation_seconds": {"service", "operation", "outcome"},
    "kehu_event_handled_seconds": {"service", "type", "outcome"},
    "kehu_http_requests_seconds": {"method", "route", "status"},
    "kehu_rpc_seconds": {"service", "method", "outcome"},
}
PLAIN = {
    "kehu_event_published_total": {"service", "type"},
    "kehu_outbox_pending": {"service"},
    "kehu_outbox_lag_seconds": {"service"},
    "kehu_parked_messages": {"service"},
    "kehu_oldest_row_overdue_seconds": {"service", "table"},
    "kehu_webhooks_paused": set(),
    "kehu_webhook_feed_gaps_total": set(),
    "kehu_http_in_flight": set(),
}
# What others export: Prometheus itself and the broker.
FOREIGN = {
    "up": set(),
    "rabbitmq_detailed_queue_messages_ready": {"queue", "vhost"},
    "rabbitmq_detailed_queue_consumers": {"queue", "vhost"},
}
TARGET_LABELS = {"platform", "job", "instance"}
METRICS: dict[str, set[str]] = {
    **{f"{name}_{part}": labels for name, labels in HISTOGRAMS.items() for part in ("count", "sum")},
    **{f"{name}_bucket": {*labels, "le"} for name, labels in HISTOGRAMS.items()},
    **PLAIN,
    **FOREIGN,
}

ALERTS = yaml.safe_load((OBSERVABILITY / "alerts.yaml").read_text())
DASHBOARD = json.loads((OBSERVABILITY / "dashboard.json").read_text())


def alerts() -> list[dict[str, Any]]:
    return [rule for group in ALERTS["groups"] for rule in group["rules"]]


def queries() -> Iterator[str]:
    for rule in alerts():
        yield rule["expr"]
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"]


def names_in(query: str) -> set[str]:
    """The metrics a PromQL query reads: its words, less texts, selectors, ranges, groupings and functions."""
    bare = re.sub(r'"[^"]*"', "", query)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", bare)
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", " ", bare)
    words = re.findall(r"\b([a-zA-Z_:][\w:]*)\b(?!\s*\()", bare)
    return set(words) - {"and", "or", "unless", "by", "on", "sum", "max", "min", "group", "avg", "count"}


def test_every_metric_in_alerts_and_dashboard_exists() -> None:
    unknown = {name for query in queries() for name in names_in(query)} - set(METRICS)
    assert unknown == set()


def test_a_misspelt_metric_would_be_noticed() -> None:
    assert names_in('sum by (service) (rate(kehu_operation_second_count{outcome="ok"}[5m])) > 1') == {
        "kehu_operation_second_count"
    }


def test_every_selected_and_grouped_label_exists() -> None:
    for query in queries():
        for name, selector in re.findall(r"(\w+)\{([^}]*)\}", query):
            labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", re.sub(r'"[^"]*"', '""', selector)))
            assert labels <= METRICS[name] | TARGET_LABELS, query
        known = set().union(*(METRICS[name] for name in names_in(query))) | TARGET_LABELS
        for grouping in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", query):
            assert {label.strip() for label in grouping.split(",")} <= known, query


def test_the_kit_exports_what_the_alerts_expect() -> None:
    expected = {name for name in (*HISTOGRAMS, *PLAIN) if not name.startswith(("kehu_http", "kehu_rpc"))}
    exported = kit()["metrics"]
    assert expected <= set(exported)
    for name in expected:
        assert set(exported[name]) == {**HISTOGRAMS, **PLAIN}[name], name


def test_the_gateway_exports_what_the_alerts_expect() -> None:
    """Read from its source: importing it would bring a web framework into a test of files."""
    source = (ROOT / "gateway" / "gateway" / "metrics.py").read_text()
    for name in (*HISTOGRAMS, *PLAIN):
        if name.startswith(("kehu_http", "kehu_rpc")):
            declared = re.search(rf'"{name}",[^\[\n]*(\[[^\]]*\])?', source)
            assert declared, name
            assert set(re.findall(r'"(\w+)"', declared[1] or "")) == {**HISTOGRAMS, **PLAIN}[name], name


def test_outcomes_in_queries_are_outcomes_there_are() -> None:
    known = {"ok", "invalid", "forbidden", "not_found", "conflict", "unavailable", "internal"}
    known |= {"done", "duplicate", "retried", "parked"}
    used = {
        outcome
        for query in queries()
        for values in re.findall(r'outcome(?:=~|!~|!=|=)"([^"]*)"', query)
        for outcome in values.split("|")
    }
    assert used
    assert used <= known


def test_every_alert_says_what_it_means_how_bad_it_is_and_what_to_do() -> None:
    page = (ROOT / "docs" / "operating.md").read_text()
    for rule in alerts():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["runbook"] == f"docs/operating.md#{rule['alert'].lower()}"
        assert f"### {rule['alert']}\n" in page, f"docs/operating.md has no heading {rule['alert']}"


def test_the_operating_page_describes_no_alert_that_is_gone() -> None:
    headings = re.findall(r"^### (Kehu\w+)$", (ROOT / "docs" / "operating.md").read_text(), re.MULTILINE)
    assert headings == [rule["alert"] for rule in alerts()]


def test_every_promised_alert_is_there() -> None:
    text = "\n".join(rule["expr"] for rule in alerts())
    for metric in (
        "kehu_outbox_lag_seconds",
        "kehu_parked_messages",
        "kehu_operation_seconds_count",
        "kehu_operation_seconds_bucket",
        "rabbitmq_detailed_queue_messages_ready",
        "up{",
    ):
        assert metric in text


def test_every_alert_is_tried_in_the_unit_tests_for_promtool() -> None:
    cases = yaml.safe_load((OBSERVABILITY / "alerts.test.yaml").read_text())["tests"]
    fired = {case["alertname"] for test in cases for case in test["alert_rule_test"] if case["exp_alerts"]}
    assert fired == {rule["alert"] for rule in alerts()}


def test_gauges_that_every_replica_exports_are_not_added_up() -> None:
    for query in queries():
        for gauge in (
            "kehu_outbox_pending",
            "kehu_outbox_lag_seconds",
            "kehu_parked_messages",
            "kehu_webhooks_paused",
        ):
            if gauge in query:
                assert re.search(rf"max(\s+by \(service\))?\s*\({gauge}", query), query


def test_the_cluster_gets_the_same_alerts_and_dashboard_as_a_developer() -> None:
    spec = importlib.util.spec_from_file_location("for_kubernetes", OBSERVABILITY / "for_kubernetes.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stale = "run: python deploy/observability/for_kubernetes.py"
    assert (OBSERVABILITY / "alerts.kubernetes.yaml").read_text() == module.prometheus_rule(), stale
    manifests = rendered("prod")
    assert named(manifests, "PrometheusRule", "alerts")["spec"] == ALERTS
    (dashboard,) = [m for m in of_kind(manifests, "ConfigMap") if m["metadata"]["name"] == "dashboard"]
    assert json.loads(dashboard["data"]["kehu.json"]) == DASHBOARD
    assert dashboard["metadata"]["labels"]["grafana_dashboard"] == "1"


def test_prometheus_on_a_developers_machine_reads_the_alerts_and_the_stacks_targets() -> None:
    config = yaml.safe_load((OBSERVABILITY / "prometheus.yml").read_text())
    assert [(OBSERVABILITY / file).exists() for file in config["rule_files"]] == [True]
    (job,) = config["scrape_configs"]
    (file,) = job["file_sd_configs"][0]["files"]
    assert (OBSERVABILITY / file).resolve() == ROOT / ".local" / "run" / "prometheus.json"


def test_panels_have_titles_places_of_their_own_and_a_choosable_source() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        columns = range(place["x"], place["x"] + place["w"])
        rows = range(place["y"], place["y"] + place["h"])
        cells = {(x, y) for x in columns for y in rows}
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
        assert panel["title"]
        assert all(target["datasource"]["uid"] == "${datasource}" for target in panel.get("targets", []))
