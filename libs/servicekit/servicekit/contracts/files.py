"""The published contract of a service, generated from its declarations: openapi.json and asyncapi.json."""

import inspect
import json
from pathlib import Path
from typing import Any

from servicekit.base import labels
from servicekit.contracts import permissions
from servicekit.contracts.asyncapi import asyncapi
from servicekit.contracts.compatibility import breaks, corrected
from servicekit.contracts.openapi import openapi


def asyncapi_of(service_class: type) -> dict[str, Any]:
    """Return the AsyncAPI document of a service's events, whose records are those of its answers."""
    return asyncapi(service_class, openapi(service_class)["components"]["schemas"])


def api_folder(service_class: type) -> Path:
    """Return the folder of a service's published contract."""
    return Path(inspect.getfile(service_class)).parent.parent / "api"


def contract_files(service_class: type) -> dict[Path, str]:
    """Return path and text of the contract files as the code declares them now."""
    folder = api_folder(service_class)
    documents = {"openapi.json": openapi(service_class), "asyncapi.json": asyncapi_of(service_class)}
    return {
        folder / name: json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        for name, document in documents.items()
    }


def check(service_class: type) -> list[str]:
    """Return what is wrong with the checked-in contract: files that are stale, and what people could not read."""
    stale = [
        f"{path} is stale: run make contracts"
        for path, text in contract_files(service_class).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    document = openapi(service_class)
    return stale + labels.faults(document) + permissions.faults(document)


def write(service_class: type, *, narrow: bool = False) -> list[str]:
    """Write the contract files, unless that would take back something already published.

    Args:
        narrow: write all the same; for a contract that nobody has seen yet. What is taken back on purpose of one that
            is published stands, with its reason, in ``api/narrowed.txt``: below the version of the contract that
            corrects it, a sentence a line, as it is printed here.

    Returns:
        What would be taken back; then nothing was written.
    """
    files = contract_files(service_class)
    meant = corrected(api_folder(service_class) / "narrowed.txt")
    found = [
        f"{path.name}: {problem}"
        for path, text in files.items()
        if path.exists()
        for problem in breaks(json.loads(path.read_text(encoding="utf-8")), json.loads(text))
    ]
    taken_back = [problem for problem in found if problem not in meant]
    if taken_back and not narrow:
        return taken_back
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return []
