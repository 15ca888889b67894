"""Errors as the client sees them: the one table from kind and code to status, and problem details."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from gateway.wording import worded

STATUS_BY_KIND = {
    "invalid": 422,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "unavailable": 503,
    "internal": 500,
}

STATUS_BY_CODE = {
    "stale-version": 412,
    "missing-token": 401,
    "invalid-token": 401,
    "invalid-client": 401,
    "missing-session": 401,
    "session-ended": 401,
    "invalid-credentials": 400,
    "invalid-grant": 400,
    "invalid-scope": 400,
    "unsupported-grant-type": 400,
    "unsupported-token-type": 400,
    "too-many-attempts": 429,
    "rate-limited": 429,
    "too-many-waiting": 429,
    "request-timeout": 408,
    "idempotency-key-reused": 422,
    "invalid-cursor": 400,
    "cursor-expired": 410,
    "malformed-json": 400,
    "malformed-query": 400,
    "malformed-if-match": 400,
    "malformed-idempotency-key": 400,
    "malformed-request": 400,
    "method-not-allowed": 405,
    "body-too-large": 413,
    "unsupported-media-type": 415,
    "uri-too-long": 414,
    "headers-too-large": 431,
    "upgrade-required": 426,
    "not-implemented": 501,
}

TITLES = {
    400: ("请求格式错误", "Malformed request"),
    401: ("需要登录", "Sign-in required"),
    403: ("没有权限", "Not permitted"),
    404: ("未找到", "Not found"),
    405: ("不支持该方法", "Method not allowed"),
    408: ("请求超时", "Request timeout"),
    409: ("与当前状态冲突", "Conflict with the current state"),
    410: ("已不再保留", "No longer kept"),
    412: ("记录已被修改", "The record has changed"),
    413: ("请求体过大", "Request body too large"),
    414: ("请求地址过长", "URI too long"),
    415: ("不支持的内容类型", "Unsupported content type"),
    422: ("输入有误", "Invalid input"),
    426: ("需要其他协议", "Upgrade required"),
    429: ("请求过于频繁", "Too many requests"),
    431: ("请求头过大", "Request headers too large"),
    500: ("服务器内部错误", "Internal error"),
    501: ("不支持该功能", "Not implemented"),
    503: ("服务暂不可用", "Service unavailable"),
}

RETRY_AFTER_SECONDS = 2
"""What a client is told to wait when a service or the broker is away and nobody knows for how long."""


class Problem(Exception):
    """An answer other than success; whoever raises it knows kind and code, the table knows the status.

    Args:
        kind: one of the keys of ``STATUS_BY_KIND``.
        code: stable, in kebab case, e.g. ``contract-not-approved``.
        detail: one sentence for a person.
        errors: for bad input, one ``{"field": …, "code": …, "params": …, "message": …}`` a field; see ``field_error``.
        params: what the sentence is made of, for its wording in Chinese.
        retry_after: seconds after which the same request may succeed.
        headers: further response headers.
        more: further members of the document, for a program to go on with.
    """

    def __init__(
        self,
        kind: str,
        code: str,
        detail: str = "",
        *,
        errors: Iterable[Mapping[str, Any]] = (),
        retry_after: int | None = None,
        headers: Iterable[tuple[bytes, bytes]] = (),
        more: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
    ):
        super().__init__(kind, code, detail)
        self.kind = kind
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.retry_after = retry_after
        self.headers = list(headers)
        self.more = dict(more or {})
        self.params = dict(params or {})

    @property
    def status(self) -> int:
        """The HTTP status of this problem."""
        if (status := STATUS_BY_CODE.get(self.code)) is not None:
            return status
        return 400 if self.code.startswith("malformed-") else STATUS_BY_KIND[self.kind]


def field_error(field: str, code: str, message: str, **params: Any) -> dict[str, Any]:
    """Return what a problem says of one field.

    Args:
        code: stable, in kebab case, with its Chinese in ``gateway.wording``.
        message: one sentence in English, in which ``{name}`` stands for a parameter.
    """
    text = message.format(**params) if params else message
    return {"field": field, "code": code, "params": params, "message": text}


def given_more_than_once(names: Iterable[str]) -> Problem:
    """Return the problem of query parameters that came twice: nobody can say which of the two was meant."""
    errors = [field_error(name, "given-twice", "Given more than once.") for name in names]
    return Problem("invalid", "invalid-input", "A parameter was given more than once.", errors=errors)


def unavailable(code: str, detail: str) -> Problem:
    """Return the problem of a service or a broker that is away."""
    return Problem("unavailable", code, detail, retry_after=RETRY_AFTER_SECONDS)


def internal() -> Problem:
    """Return the problem of a failure that nobody foresaw; its cause is for the log, not for the client."""
    return Problem("internal", "internal-error", "The request failed; its correlation id is in the log.")


def from_reply(error: Mapping[str, Any], service: str) -> Problem:
    """Return the problem that a service's error reply stands for."""
    kind = error.get("kind")
    if kind in ("invalid", "forbidden", "not_found", "conflict"):
        retry_after = error.get("retry_after")
        return Problem(
            kind,
            str(error.get("code") or kind.replace("_", "-")),
            str(error.get("detail") or ""),
            errors=error.get("errors") or (),
            retry_after=max(1, round(retry_after)) if isinstance(retry_after, int | float) else None,
            params=error.get("params"),
        )
    if kind == "unavailable":
        code = str(error.get("code") or "service-unavailable")
        return unavailable(code, str(error.get("detail") or f"{service} cannot answer right now."))
    if error.get("exc_type") == "MethodNotFound":
        # During a rolling update the gateway may know an operation before the service does.
        return unavailable("service-unavailable", f"{service} does not offer this operation yet.")
    return internal()


def preferred_language(accept_language: str, default: str) -> str:
    """Return ``zh`` or ``en``, whichever an Accept-Language header ranks higher."""
    best, best_quality = default, 0.0
    for part in accept_language.split(","):
        tag, _, parameters = part.strip().partition(";")
        language = tag.split("-")[0].lower()
        if language not in ("zh", "en"):
            continue
        name, _, text = parameters.strip().partition("=")
        try:
            quality = float(text) if name == "q" else 1.0
        except ValueError:
            continue
        if quality > best_quality:
            best, best_quality = language, quality
    return best


def _error_in(language: str, error: Mapping[str, Any]) -> dict[str, Any]:
    message = worded(str(error.get("code")), error.get("params") or {}, str(error.get("message")), language)
    return {**error, "message": message}


def to_document(
    problem: Problem, correlation_id: str, language: str, besides: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """Return the problem+json body (RFC 9457).

    Args:
        besides: members that the place it is answered at adds.
    """
    chinese, english = TITLES[problem.status]
    document = {
        "type": f"urn:problem-type:kehu:{problem.code}",
        "title": english if language == "en" else chinese,
        "status": problem.status,
        "code": problem.code,
        "detail": worded(problem.code, problem.params, problem.detail, language),
        "instance": f"urn:uuid:{correlation_id}",
        "correlation_id": correlation_id,
    }
    document.update(problem.more)
    document.update(besides)
    if problem.errors:
        document["errors"] = [_error_in(language, error) for error in problem.errors]
    return orjson.dumps(document)
