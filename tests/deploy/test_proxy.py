"""What stands before the gateway: who is slow is cut off, and what is for operators is not published (M-3, M-4)."""

import re
from fnmatch import fnmatch
from pathlib import PurePosixPath

import orjson
import pytest
import yaml
from tests.deploy.manifests import ROOT, Manifest, label, named, of_kind, pod_of, settings_of

CONFIGURATION = (ROOT / "deploy/k8s/gateway/proxy.conf").read_text()
FOR_OPERATORS = ("/metrics", "/health", "/health/live", "/health/ready")


def seconds(directive: str) -> list[int]:
    found = re.findall(rf"^ *{directive} (\d+)s;$", CONFIGURATION, re.MULTILINE)
    assert found, directive
    return sorted(map(int, found))


def default_of(setting: str) -> int:
    source = (ROOT / "gateway/gateway/settings.py").read_text()
    found = re.search(rf"{setting}: \w+ = Field\((\d+)", source)
    assert found is not None, setting
    return int(found[1])


def published_paths(manifests: list[Manifest]) -> list[tuple[str, str]]:
    ingresses = of_kind(manifests, "Ingress")
    assert ingresses
    return [
        (path["path"], path["pathType"])
        for ingress in ingresses
        for rule in ingress["spec"]["rules"]
        for path in rule["http"]["paths"]
    ]


def is_published(path: str, published: list[tuple[str, str]]) -> bool:
    """Whether an ingress lets a path through, as Kubernetes defines its two kinds of paths."""
    return any(
        path == allowed if kind == "Exact" else PurePosixPath(path).is_relative_to(allowed)
        for allowed, kind in published
    )


@pytest.mark.parametrize("path", FOR_OPERATORS)
def test_the_ingress_does_not_publish_what_is_for_operators(manifests: list[Manifest], path: str) -> None:
    """(M-4)"""
    assert not is_published(path, published_paths(manifests))


def test_the_ingress_publishes_every_route_of_the_contracts(manifests: list[Manifest]) -> None:
    published = published_paths(manifests)
    documents = [orjson.loads(f.read_bytes()) for f in (ROOT / "services").glob("*/api/openapi.json")]
    paths = {path for document in documents for path in document["paths"]}
    own = set(
        re.findall(
            r'"(/(?:v1|docs|events|openapi|asyncapi|\.well-known)[^"]*)"',
            "".join(f.read_text() for f in (ROOT / "gateway/gateway").rglob("*.py")),
        )
    )
    assert {"/docs", "/openapi.json", "/asyncapi.json", "/events", "/.well-known/jwks.json"} <= own
    assert [path for path in sorted(paths | own) if not is_published(path, published)] == []


def test_an_ingress_with_everything_would_be_found() -> None:
    assert is_published("/metrics", [("/", "Prefix")])
    assert not is_published("/v1x", [("/v1", "Prefix")])


def test_the_ingress_leads_to_the_proxy_and_not_to_the_gateway_itself(manifests: list[Manifest]) -> None:
    service = named(manifests, "Service", "gateway")
    pod = pod_of(named(manifests, "Deployment", "gateway"))["spec"]
    ports = {p["name"]: (c["name"], p["containerPort"]) for c in pod["containers"] for p in c["ports"]}
    assert [ports[port["targetPort"]] for port in service["spec"]["ports"]] == [("proxy", 8080)]
    assert str(ports["app"][1]) == settings_of(manifests, "gateway-settings")["KEHU_PORT"]
    assert pod["hostAliases"] == [{"ip": "127.0.0.1", "hostnames": ["gateway"]}]
    policy = named(manifests, "NetworkPolicy", "gateway")["spec"]["ingress"]
    opened = {yaml.safe_dump(rule["from"]): rule["ports"] for rule in policy}
    for sources, open_ports in opened.items():
        if fnmatch(sources, "*ingress-nginx*"):
            assert [port["port"] for port in open_ports] == [8080], label(service)


def test_the_pods_have_this_configuration(manifests: list[Manifest]) -> None:
    assert settings_of(manifests, "gateway-proxy") == {"proxy.conf": CONFIGURATION}


def test_the_proxy_hides_what_is_for_operators_too() -> None:
    """(M-4) In compose.yaml there is no ingress."""
    public = CONFIGURATION.split("listen 8082")[0]
    for location in ("location = /metrics", "location /health"):
        assert re.search(location + r" \{\s+return 404 ", public)


def test_the_proxy_cuts_off_headers_bodies_and_idle_connections() -> None:
    """(M-3)"""
    assert seconds("client_header_timeout") <= [15]
    assert seconds("client_body_timeout") <= [15]
    assert seconds("send_timeout") <= [60]
    upstream, clients = seconds("keepalive_timeout")
    assert upstream < default_of("header_timeout") <= clients <= 60
    assert "proxy_request_buffering off;" in CONFIGURATION


def test_a_request_that_waits_for_events_is_not_cut_off(manifests: list[Manifest]) -> None:
    longest = 60
    at_the_ingress = of_kind(manifests, "Ingress")[0]["metadata"]["annotations"]
    waits = int(at_the_ingress["nginx.ingress.kubernetes.io/proxy-read-timeout"])
    assert longest < max(seconds("proxy_read_timeout")) < waits
