"""What comes in about service accounts, and what goes out. A secret goes out once."""

from typing import Any, ClassVar

from marshmallow import ValidationError

from identity.roles.permissions import EVERY
from identity.roles.schemas import Permissions, given_departments
from identity.service_accounts.model import ACTIVE, STANDINGS
from servicekit import Fault, utcnow
from servicekit.base.fields import Code, Id, Integer, List, Nested, Schema, Secret, Text, Timestamp
from servicekit.contracts.catalogue import permissions_for_people


class ServicePermissions(Permissions):
    """Scope by permission, each named: what a later release adds is not held by itself."""

    described: ClassVar[dict[str, Any]] = {**Permissions.described, "x-holder": "program"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dict[str, str]:
        permissions = super()._deserialize(value, attr, data, **more)
        if EVERY in permissions:
            raise ValidationError(
                {EVERY: [Fault("named-permissions-only", "A program holds what it needs, by name.")]}
            )
        wrong = {
            name: [Fault("for-people-only", "Is for people only.")]
            for name in sorted(permissions_for_people())
            if name in permissions
        }
        if wrong:
            raise ValidationError(wrong)
        return permissions


class FutureTimestamp(Timestamp):
    """A moment that has not come yet."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        moment = super()._deserialize(value, attr, data, **more)
        if moment <= utcnow():
            raise ValidationError(Fault("in-the-past", "Lies in the past."))
        return moment


class ServiceSecretSchema(Schema):
    """What is told of a secret: never the secret itself."""

    id = Id(dump_only=True)
    known_to = Id(label=("知悉人", "Known to"), reference="account", dump_only=True)
    created_at = Timestamp(dump_only=True)
    expires_at = Timestamp(
        label=("到期时间", "Expires"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    last_used_at = Timestamp(label=("最近使用时间", "Last used"), dump_only=True, allow_none=True)
    last_used_from = Text(
        label=("最近使用地址", "Last used from"),
        dump_only=True,
        allow_none=True,
        metadata={"example": "203.0.113.7"},
    )


class ServiceAccountSchema(Schema):
    """An account for a program; its id is its ``client_id``."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    name = Text(
        50,
        label=("服务账号名称", "Name"),
        required=True,
        attribute="display_name",
        metadata={"example": "用友 ERP"},
    )
    description = Text(
        1000,
        label=("说明", "Description"),
        load_default=None,
        allow_none=True,
        metadata={"example": "Books receipts every night."},
    )
    department_id = Id(
        label=("所属部门", "Department"), load_default=None, allow_none=True, metadata={"example": None}
    )
    permissions = ServicePermissions(
        label=("权限", "Permissions"),
        required=True,
        attribute="words",
        metadata={"example": {"receivable.read": "all", "receipt.write": "all"}},
    )
    departments = given_departments()
    status = Code(STANDINGS, label=("账号状态", "Status"), load_default=ACTIVE, attribute="standing")
    secrets = List(
        Nested(ServiceSecretSchema), label=("密钥", "Secrets"), dump_only=True, attribute="live_secrets"
    )
    last_used_at = Timestamp(label=("最近使用时间", "Last used"), dump_only=True, allow_none=True)
    last_used_from = Text(
        label=("最近使用地址", "Last used from"),
        dump_only=True,
        allow_none=True,
        metadata={"example": "203.0.113.7"},
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class NewServiceAccountSchema(ServiceAccountSchema):
    """A service account to be opened."""

    secret_expires_at = FutureTimestamp(
        label=("密钥到期时间", "Secret expires"),
        load_only=True,
        load_default=None,
        allow_none=True,
        metadata={"example": None},
    )


class ServiceAccountWithSecretSchema(ServiceAccountSchema):
    """A service account with its new secret, which is not shown again."""

    client_id = Id(label=("客户端标识", "Client ID"), reference="", dump_only=True, attribute="id")
    client_secret = Secret(
        label=("客户端密钥", "Client secret"),
        metadata={"example": "kehu_K7gNU3sdo-OL0wNhqoVWhr3g6s1xYv72ol_pe_Unols"},
    )


class NewSecretSchema(Schema):
    """A further secret."""

    expires_at = FutureTimestamp(
        label=("到期时间", "Expires"), load_default=None, allow_none=True, metadata={"example": None}
    )
