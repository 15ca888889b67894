"""Service accounts found."""

from identity.permits import GOVERN
from identity.service_accounts.model import ServiceAccount
from identity.service_accounts.schemas import ServiceAccountSchema
from servicekit import Noun, Search

SERVICE_ACCOUNTS = Noun(
    ServiceAccount,
    ServiceAccountSchema,
    "/v1/service-accounts",
    name="service_account",
    label=("服务账号", "Service accounts"),
    deeds={"write": GOVERN},
    filters="department_id",
    also_filters={"name": Search(ServiceAccount.display_name)},
    sorts="created_at name=display_name",
    tells="",
    whole=True,
)
READ, WRITE = SERVICE_ACCOUNTS.permission, SERVICE_ACCOUNTS.writing
