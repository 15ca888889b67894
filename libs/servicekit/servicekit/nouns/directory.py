"""Each service's copy of the directory: who works where, and for whom. Access rules are made from it.

The copy is fed by the events of the service that keeps the directory (``identity``). An older version of an
entry than the one at hand is skipped, so events may come twice, late and out of order.
"""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from servicekit.base.context import USUAL_LEVEL, current
from servicekit.base.database import KitBase
from servicekit.messages.events import Event
from servicekit.messages.inbox import listens
from servicekit.nouns.audits import audited

PERSON = "person"


class DirectoryAccount(KitBase):
    """An account: the person records belong to, or a program."""

    __tablename__ = "directory_account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    department_id: Mapped[UUID | None] = mapped_column(index=True)
    manager_id: Mapped[UUID | None] = mapped_column(index=True)
    active: Mapped[bool]
    kind: Mapped[str] = mapped_column(default=PERSON, server_default=PERSON)
    """Programs have accounts too; nobody hands anything to one."""
    institution_id: Mapped[UUID | None] = mapped_column(index=True)
    """The institution of its department."""
    security_level: Mapped[int] = mapped_column(default=USUAL_LEVEL, server_default=str(USUAL_LEVEL))
    version: Mapped[int]


class DirectoryDepartment(KitBase):
    """A department, with the ids of all departments above it and its own."""

    __tablename__ = "directory_department"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    path: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    """Empty once the department has been deleted: the row stays, so that older news of it come too late."""
    institution_id: Mapped[UUID | None] = mapped_column(index=True)
    version: Mapped[int]


class AccountChanged(Event):
    """What a service needs to know of an account."""

    source: ClassVar[str] = "identity"
    type: ClassVar[str] = "account.changed"

    account_id: UUID
    display_name: str
    department_id: UUID | None
    manager_id: UUID | None
    active: bool
    kind: str = PERSON
    institution_id: UUID | None = None
    security_level: int = USUAL_LEVEL
    version: int


class DepartmentChanged(Event):
    """What a service needs to know of a department."""

    source: ClassVar[str] = "identity"
    type: ClassVar[str] = "department.changed"

    department_id: UUID
    name: str
    path: list[UUID]
    institution_id: UUID | None = None
    version: int


class DepartmentDeleted(Event):
    """What a service needs to know of a department that is gone."""

    source: ClassVar[str] = "identity"
    type: ClassVar[str] = "department.deleted"

    department_id: UUID
    version: int


def store_newer(session: Session, model: type[DeclarativeBase], values: dict[str, object]) -> None:
    """Insert a row of a copy, or replace the one at hand if this one's ``version`` is newer.

    What the owner restates holds in any case: its database may be one from before, with lower versions.
    """
    statement = insert(model).values(**values)
    newer = model.__table__.c.version < statement.excluded.version
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={name: statement.excluded[name] for name in values if name != "id"},
            where=true() if current().restated else newer,
        )
    )


class DirectoryCopy:
    """Handlers that keep the copy; a service class takes them in by inheriting from this."""

    copies: ClassVar[dict[str, tuple[Any, ...]]] = {"identity": (DirectoryAccount, DirectoryDepartment)}

    @listens(AccountChanged)
    def follow_account(self, session: Session, account: AccountChanged) -> None:
        """Keep the account's place in the directory."""
        values = account.model_dump()
        store_newer(session, DirectoryAccount, {"id": values.pop("account_id"), **values})

    @listens(DepartmentChanged)
    def follow_department(self, session: Session, department: DepartmentChanged) -> None:
        """Keep the department's place in the tree."""
        values = department.model_dump()
        store_newer(session, DirectoryDepartment, {"id": values.pop("department_id"), **values})

    @listens(DepartmentDeleted)
    def forget_department(self, session: Session, department: DepartmentDeleted) -> None:
        """Take the department out of the tree."""
        gone = {"id": department.department_id, "name": "", "path": [], "version": department.version}
        store_newer(session, DirectoryDepartment, gone)

    @audited("directory-accounts", owner="identity", copy=DirectoryAccount)
    def audit_directory_accounts(self) -> Any:
        """Return the accounts as this service knows them."""
        account = DirectoryAccount
        return select(
            account.id, account.display_name, account.department_id, account.manager_id, account.active,
            account.kind, account.institution_id, account.security_level,
        )  # fmt: skip

    @audited("directory-departments", owner="identity", copy=DirectoryDepartment)
    def audit_directory_departments(self) -> Any:
        """Return the departments as this service knows them."""
        department = DirectoryDepartment
        return select(department.id, department.name, department.path, department.institution_id).where(
            func.cardinality(department.path) > 0
        )
