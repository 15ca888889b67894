"""What stands before the gateway: who is slow is cut off, and what is for operators is not published (M-3, M-4)."""

import re
from fnmatch import fnmatch

import yaml
from tests.deploy.manifests import ROOT, Manifest, label, named, of_kind, pod_of, settings_of

CONFIGURATION = (ROOT / "deploy/k8s/gateway/proxy.conf").read_text()


def seconds(directive: str) -> list[int]:
    found = re.findall(rf"^ *{directive} (\d+)s;$", CONFIGURATION, re.MULTILINE)
    assert found, directive
    return sorted(map(int, found))


def default_of(setting: str) -> int:
    source = (ROOT / "gateway/gateway/settings.py").read_text()
    found = re.search(rf"{setting}: \w+ = Field\((\d+)", source)
    assert found is not None, setting
    return int(found[1])


def test_the_ingress_publishes_whatever_the_proxy_does(manifests: list[Manifest]) -> None:
    """(W-1) A page of the console can have any address, and each can be opened directly."""
    (ingress,) = of_kind(manifests, "Ingress")
    for rule in ingress["spec"]["rules"]:
        assert [(path["path"], path["pathType"]) for path in rule["http"]["paths"]] == [("/", "Prefix")]


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


def test_the_proxy_hides_what_is_for_operators() -> None:
    """(M-4) How nginx takes it is in test_proxy_refuses.py."""
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
    assert at_the_ingress["nginx.ingress.kubernetes.io/proxy-buffering"] == "off"
    assert longest < max(seconds("proxy_read_timeout")) < waits
