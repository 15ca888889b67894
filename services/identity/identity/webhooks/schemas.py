"""What comes in about webhooks, and what goes out."""

from typing import Any, ClassVar

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as marshmallow_fields

from identity.webhooks.delivery import ENDED, STATES
from identity.webhooks.matching import OPERATORS, PATTERN, is_for
from identity.webhooks.settings import WebhookSettings
from identity.webhooks.targets import LONGEST_URL, Refused, check
from servicekit import Fault
from servicekit.base.fields import (
    Code,
    Flag,
    Id,
    Integer,
    List,
    Nested,
    PastTimestamp,
    Schema,
    Secret,
    Text,
    Timestamp,
)
from servicekit.base.labels import Labelled
from servicekit.base.validators import Matches
from servicekit.contracts.catalogue import event_types
from servicekit.nouns.conditions.field import Where

MOST_TYPES, MOST_CONDITIONS, MOST_VALUES = 50, 20, 100
NOT_A_FIELD = Fault("not-a-field", "Not the name of a field, such as amount.")
NOT_HTTP = Fault("not-http", "Must begin with https:// or http://.")
_FIELD = Matches(r"^[a-z0-9_]+(\.[a-z0-9_]+){0,4}$", NOT_A_FIELD)


class TargetUrl(Text):
    """Where messages go: https or http, and not into private networks unless the settings allow it."""

    def __init__(self, **more: Any):
        scheme = Matches("^[hH][tT][tT][pP][sS]?://", NOT_HTTP)
        super().__init__(LONGEST_URL, validate=scheme, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        url = super()._deserialize(value, attr, data, **more)
        try:
            check(url, allow_private=WebhookSettings().identity_webhook_allow_private)
        except Refused as error:
            raise ValidationError(Fault("target-refused", str(error))) from error
        return url


class EventPattern(Text):
    """``contract.signed``, ``contract.*``, or ``*`` for all."""

    described: ClassVar[dict[str, Any]] = {"pattern": f"^({PATTERN.pattern})$"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        pattern = super()._deserialize(value, attr, data, **more)
        if not PATTERN.fullmatch(pattern):
            raise ValidationError(
                Fault("not-an-event-type", "Not a type of events: contract.signed, contract.* or *.")
            )
        if not any(is_for([pattern], event_type) for event_type in event_types()):
            raise ValidationError(Fault("unknown-event-type", "There are no events of this type."))
        return pattern


class ConditionValue(Labelled, marshmallow_fields.Field[Any]):
    """A text, a whole number, true or false; for ``in`` a list of them. Amounts are texts, as in the events."""

    _text = Text(500, blank=True, multiline=True)
    described: ClassVar[dict[str, Any]] = {
        "type": ["string", "integer", "boolean", "array"],
        "items": {"type": ["string", "integer", "boolean"]},
        "maxItems": MOST_VALUES,
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if isinstance(value, list):
            if len(value) > MOST_VALUES:
                raise ValidationError(Fault("too-many-values", "More than {max} values.", max=MOST_VALUES))
            return [self._one(each) for each in value]
        return self._one(value)

    def _one(self, value: Any) -> Any:
        if isinstance(value, bool) or (isinstance(value, int) and abs(value) < 10**18):
            return value
        if not isinstance(value, str):
            text = "Not a text, a whole number, true or false; decimals are written as texts."
            raise ValidationError(Fault("not-comparable", text))
        return self._text.deserialize(value)


class WebhookConditionSchema(Schema):
    """A condition on a field of the event's data; a condition on a field that is not there does not hold."""

    field = Text(100, label=("字段", "Field"), required=True, validate=_FIELD, metadata={"example": "amount"})
    operator = Code(OPERATORS, label=("比较方式", "Operator"), required=True, metadata={"example": "gte"})
    value = ConditionValue(label=("比较值", "Value"), required=True, metadata={"example": "10000.00"})

    @validates_schema
    def takes_what_it_compares(self, condition: dict[str, Any], **_: Any) -> None:
        """Refuse a list where one value is compared, and one value where a list is."""
        if isinstance(condition.get("value"), list) != (condition.get("operator") == "in"):
            text = "A list is for the operator in, and for no other."
            raise ValidationError(Fault("list-for-in-only", text), "value")


class WebhookSchema(Schema):
    """A subscription; its secret is shown when it is made, and never again."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    url = TargetUrl(
        label=("接收地址", "URL"), required=True, metadata={"example": "https://erp.example.com/kehu"}
    )
    description = Text(
        200, label=("说明", "Description"), blank=True, load_default="", metadata={"example": "金蝶 ERP"}
    )
    event_types = List(
        EventPattern(101),
        label=("事件类型", "Event types"),
        minimum=1,
        maximum=MOST_TYPES,
        required=True,
        metadata={"example": ["contract.*", "receivable.settled"]},
    )
    conditions = List(
        Nested(WebhookConditionSchema),
        label=("条件", "Conditions"),
        maximum=MOST_CONDITIONS,
        load_default=list,
    )
    where = Where(
        label=("条件组", "Further conditions"), load_default=None, allow_none=True, metadata={"example": None}
    )
    active = Flag(label=("启用", "Active"), load_default=True)
    stopped_because = Text(
        label=("停用原因", "Stopped because"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    failing_since = Timestamp(
        label=("持续失败起始时间", "Failing since"),
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    previous_secret_until = Timestamp(
        label=("旧密钥有效期至", "Previous secret until"),
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    missed_before = Timestamp(
        label=("此前事件已缺失", "Missed before"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class Terms(Labelled, marshmallow_fields.Dict):
    """By field what a condition may ask, as ``x-conditions`` of the lists has it."""

    described: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": True},
    }


class WebhookTermsSchema(Schema):
    """What conditions of a webhook may ask."""

    terms = Terms(
        label=("可用条件", "Terms"),
        dump_only=True,
        metadata={"example": {"amount": {"kind": "decimal", "operators": ["gte"]}}},
    )


class EventTypesSchema(Schema):
    """For which events."""

    types = Text(
        6000,
        label=("事件类型", "Event types"),
        required=True,
        metadata={"description": "Types or patterns, with commas between them.", "example": "contract.*"},
    )


class NewWebhookSchema(WebhookSchema):
    """A subscription to be; ``since`` says from when on it wants to be told, as far as the stream has it."""

    since = PastTimestamp(
        label=("起始时间", "Since"),
        load_default=None,
        allow_none=True,
        load_only=True,
        metadata={"example": None},
    )


class WebhookWithSecretSchema(WebhookSchema):
    """A subscription with the secret that messages are signed with."""

    secret = Secret(
        label=("签名密钥", "Secret"), metadata={"example": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
    )


class WebhookDeliverySchema(Schema):
    """An event on its way to a receiver, or there."""

    id = Id(dump_only=True)
    position = Integer(label=("次序", "Position"), dump_only=True, maximum=None)
    webhook_id = Id(label=("订阅", "Webhook"), dump_only=True)
    event_id = Id(label=("事件", "Event"), reference="", dump_only=True)
    event_type = Text(
        label=("事件类型", "Event type"), dump_only=True, metadata={"example": "contract.signed"}
    )
    event_time = Timestamp(label=("事件时间", "Event time"), dump_only=True)
    subject = Id(label=("事件对象", "Subject"), dump_only=True)
    state = Code(STATES, label=("投递状态", "State"), dump_only=True)
    tries = Integer(label=("尝试次数", "Tries"), dump_only=True)
    next_attempt_at = Timestamp(label=("下次尝试时间", "Next attempt"), dump_only=True)
    give_up_at = Timestamp(label=("放弃时间", "Gives up"), dump_only=True)
    delivered_at = Timestamp(label=("送达时间", "Delivered"), dump_only=True, allow_none=True)
    created_at = Timestamp(dump_only=True)


class WebhookAttemptSchema(Schema):
    """One attempt: when, how long, and what came of it."""

    id = Id(dump_only=True)
    delivery_id = Id(label=("投递", "Delivery"), reference="", dump_only=True)
    status = Integer(
        label=("响应状态码", "HTTP status"), dump_only=True, allow_none=True, metadata={"example": 500}
    )
    error = Text(
        label=("错误", "Error"),
        dump_only=True,
        allow_none=True,
        metadata={"example": "the receiver did not accept it"},
    )
    response = Text(
        label=("响应内容", "Response"), dump_only=True, metadata={"example": "Internal Server Error"}
    )
    milliseconds = Integer(label=("耗时（毫秒）", "Milliseconds"), dump_only=True, metadata={"example": 84})
    created_at = Timestamp(dump_only=True)


class ResendSchema(Schema):
    """What is sent again: one delivery, or all events of a range of time, wherever they have got to."""

    delivery_id = Id(
        label=("投递", "Delivery"),
        reference="",
        metadata={"example": None},
        load_default=None,
        allow_none=True,
    )
    from_time = Timestamp(
        label=("开始时间", "From"),
        data_key="from",
        load_default=None,
        allow_none=True,
        metadata={"example": "2026-11-22T08:00:00+00:00"},
    )
    to_time = Timestamp(
        label=("结束时间", "To"),
        data_key="to",
        load_default=None,
        allow_none=True,
        metadata={"example": "2026-11-22T09:00:00+00:00"},
    )
    state = Code(
        ENDED, label=("投递状态", "State"), load_default=None, allow_none=True, metadata={"example": "failed"}
    )

    @validates_schema
    def names_one_or_a_range(self, asked: dict[str, Any], **_: Any) -> None:
        """Refuse what names neither, both, or half of a range."""
        begins, ends = asked.get("from_time"), asked.get("to_time")
        if (asked.get("delivery_id") is None) == (begins is None and ends is None):
            raise ValidationError(
                Fault("delivery-or-range", "Either a delivery or a range of time."), "delivery_id"
            )
        if (begins is None) != (ends is None):
            missing = "to" if ends is None else "from"
            raise ValidationError(Fault("half-a-range", "A range has a beginning and an end."), missing)
        if begins is not None and begins >= ends:
            raise ValidationError(Fault("before-start", "Must be after the beginning."), "to")


class ResentSchema(Schema):
    """How many deliveries are sent again."""

    count = Integer(label=("数量", "Count"), dump_only=True)
