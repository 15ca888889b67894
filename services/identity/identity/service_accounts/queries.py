"""Service accounts found."""

from uuid import UUID

from sqlalchemy.orm import Session

from identity.service_accounts.model import ServiceAccount
from identity.service_accounts.schemas import ServiceAccountSchema
from servicekit import Caller, ForAll, Listing, Search, load

READ, WRITE = ForAll("service_account.read"), ForAll("service_account.write")

SERVICE_ACCOUNTS = Listing(
    ServiceAccount,
    ServiceAccountSchema,
    READ,
    filters={
        "name": Search(ServiceAccount.display_name),
        "department_id": ServiceAccount.department_id,
        "created_at": ServiceAccount.created_at,
    },
    sorts={"created_at": ServiceAccount.created_at, "name": ServiceAccount.display_name},
    whole=True,
)


def find_service_account(
    session: Session, caller: Caller, service_account_id: UUID, permission: str = READ
) -> ServiceAccount:
    """Return a service account that the caller may see or change."""
    return load(session, ServiceAccount, service_account_id, caller, permission)
