"""Write the alerts in the form the Prometheus operator wants: `python deploy/observability/for_kubernetes.py`."""

from pathlib import Path

import yaml

HERE = Path(__file__).parent
HEADER = "# Written by for_kubernetes.py from alerts.yaml: change that file, not this one.\n"


class Dumper(yaml.SafeDumper):
    """Writes text of several lines as such, so that a query stays readable."""


Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def prometheus_rule() -> str:
    """Return alerts.yaml as a PrometheusRule; the rules themselves stay as they are."""
    rules = yaml.safe_load((HERE / "alerts.yaml").read_text())
    resource = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "alerts"},
        "spec": rules,
    }
    return f"{HEADER}{yaml.dump(resource, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=1000)}"


if __name__ == "__main__":
    (HERE / "alerts.kubernetes.yaml").write_text(prometheus_rule())
