"""The account; it knows whether it may sign in."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, exists, func, not_, select
from sqlalchemy.orm import Mapped, column_property, declared_attr, mapped_column, relationship, synonym

from identity.base import Base
from identity.departments.model import Department
from identity.institutions.model import Institution as Institution
from identity.positions.model import MAIN, Appointment
from identity.roles.limits import parts_of
from identity.roles.model import ACCOUNT_ROLE, ADMINISTRATOR, Role
from identity.roles.permissions import in_words, union
from servicekit import Conflict, Record, guarded, today
from servicekit.base.clock import time_zone
from servicekit.base.context import USUAL_LEVEL
from servicekit.base.phones import dialled
from servicekit.base.texts import name_key

IN_SERVICE, LEFT, RETIRED = "in_service", "left", "retired"
STATUSES = {IN_SERVICE: ("在职", "In service"), LEFT: ("离职", "Left"), RETIRED: ("退休", "Retired")}
Refusal = Literal["left", "retired", "locked", "expired"]
REFUSED_BY: dict[str, Refusal] = {LEFT: "left", RETIRED: "retired"}
"""Why somebody of a status may not sign in."""
PERSON, SERVICE = "person", "service"
KINDS = {PERSON: ("人员", "Person"), SERVICE: ("服务账号", "Service")}
USUAL: dict[str, Any] = {"language": None, "checklist_dismissed": False, "single_keys": True}
"""The preferences of somebody who has said nothing; no language: the one of the browser."""
NAMES = ("username", "display_name", "email", "mobile")
"""What a person is called: the first that is tried as their password."""


def username_key(username: str) -> str:
    """Return what two usernames share if they are the same to a person (ID-06)."""
    return name_key(username)


def _no_person(account: Any) -> Conflict | None:
    if account.kind == PERSON:
        return None
    return Conflict("not-a-person", "This is a service account: it is kept at /v1/service-accounts.")


class Account(Record, Base):
    """A person who works here (ID-06); the program that works here is a ``ServiceAccount``."""

    __tablename__ = "account"
    # The name of the rule is the code of the refusal: account-username-taken.
    __table_args__ = (UniqueConstraint("username_key", name="uq_account_username"),)

    owner_id: Mapped[UUID] = synonym("id")
    """Everybody's account is their own: scopes hold for accounts as for all records (ID-21)."""
    seen_by = ("owner_id",)
    granted_as = None
    kind: Mapped[str]
    username: Mapped[str]
    username_key: Mapped[str]
    display_name: Mapped[str]
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"))
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"))
    """The institution of the department; it follows it."""
    security_level: Mapped[int] = mapped_column(default=USUAL_LEVEL)
    """What the range of a share is compared with (ID-24)."""
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """The superior, who sees what this person owns (ID-21)."""
    manager_follows: Mapped[bool] = mapped_column(default=False)
    """Whether the superior follows from positions, as it does for whoever has none; else it was set by hand (ID-25)."""
    email: Mapped[str | None]
    mobile: Mapped[str | None]
    mobile_e164: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=IN_SERVICE)
    locked: Mapped[bool] = mapped_column(default=False)
    expires_on: Mapped[date | None]
    """The last day (UTC) on which the person may sign in; none for unlimited (ID-07)."""
    password_hash: Mapped[str]
    password_known_to: Mapped[UUID | None]
    """Who set the password, if not the person: they can sign in as this person until it is changed (ID-21)."""

    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How the person likes the console: language, what was dismissed."""

    moves: ClassVar[dict[str, str]] = {"preferences": "it is one's own taste, which makes no edit stale"}

    if TYPE_CHECKING:
        without_position: Mapped[bool]
        without_role: Mapped[bool]

    _dialled = dialled("mobile")

    roles: Mapped[list[Role]] = relationship(secondary=ACCOUNT_ROLE, order_by=Role.code, lazy="selectin")

    appointments: Mapped[list[Appointment]] = relationship(
        cascade="all, delete-orphan",
        order_by=(Appointment.started_on, Appointment.position_id),
        lazy="selectin",
    )
    """The positions that the person holds (ID-06)."""

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {
            "version_id_col": cls.version,
            "polymorphic_on": "kind",
            "polymorphic_identity": PERSON,
        }

    @guarded(_no_person)
    def ensure_person(self) -> None:
        """Refuse what is for people: roles, superiors, passwords, decisions.

        Raises:
            Conflict: ``not-a-person``.
        """

    def fill_in(self, roles: list[Role] | None = None, **values: Any) -> None:
        """Set what is known of the person.

        Args:
            roles: all roles anew, or None to leave them.
            values: other columns by name.
        """
        if roles is not None:
            self.roles = roles
            self.touch()
        for name, value in values.items():
            setattr(self, name, value)
        self.username_key = username_key(self.username)

    def work_in(self, department: Department | None) -> None:
        """Belong to a department, and so to its institution."""
        self.department_id = department.id if department else None
        self.institution_id = department.institution_id if department else None

    def appoint(self, appointments: list[Appointment]) -> None:
        """Hold some positions, and no others."""
        self.appointments = appointments
        self.touch()

    @property
    def position_id(self) -> UUID | None:
        """The main position."""
        return next((each.position_id for each in self.appointments if each.kind == MAIN), None)

    @property
    def liking(self) -> dict[str, Any]:
        """How the person likes the console: what they said, and the usual where they said nothing."""
        return {**USUAL, **self.preferences}

    def prefer(self, **values: Any) -> None:
        """Remember how the person likes the console."""
        self.move(preferences={**self.preferences, **values})

    def set_password(self, password_hash: str, known_to: UUID | None = None) -> None:
        """Take over a new password, already hashed (ID-33).

        Args:
            known_to: who set it, if not the person.
        """
        self.password_hash, self.password_known_to = password_hash, known_to

    @property
    def names(self) -> list[str | None]:
        """What the person is called."""
        return [getattr(self, name) for name in NAMES]

    @property
    def active(self) -> bool:
        """Whether the person works here and is not locked out; what other services go by."""
        return self.status == IN_SERVICE and not self.locked

    @property
    def may_sign_in(self) -> bool:
        """Whether nothing keeps the person from signing in."""
        return self.refusal is None

    @property
    def refusal(self) -> Refusal | None:
        """Why the person may not sign in: ``left``, ``retired`` (ID-08), ``locked`` (ID-09), ``expired`` (ID-07)."""
        if self.status != IN_SERVICE:
            return REFUSED_BY[self.status]
        if self.locked:
            return "locked"
        if self.expires_on is not None and self.expires_on < today():
            return "expired"
        return None

    @property
    def role_codes(self) -> list[str]:
        """The codes of the person's roles."""
        return sorted(role.code for role in self.roles)

    @property
    def held_roles(self) -> list[Role]:
        """The roles that hold for the person: one of another institution does not (ID-17)."""
        return [role for role in self.roles if role.institution_id in (None, self.institution_id)]

    @property
    def permissions(self) -> dict[str, str]:
        """What the person's roles allow together (ID-18)."""
        return union(role.grants for role in self.held_roles)

    @property
    def parts(self) -> dict[str, list[tuple[str, Any]]]:
        """Of what they allow for some kinds of records only, each scope with its limit (CU-20)."""
        return parts_of(self.held_roles)

    @property
    def permissions_in_words(self) -> dict[str, str]:
        """The same as people read it."""
        return in_words(self.permissions)

    @property
    def time_zone(self) -> str:
        """By which the house counts its days: a client says what is due today as the services would."""
        return time_zone().key

    @property
    def is_lasting_administrator(self) -> bool:
        """Whether the person is one of those who can do everything, able to, and for good."""
        return (
            self.may_sign_in
            and self.expires_on is None
            and any(role.code == ADMINISTRATOR for role in self.held_roles)
        )


Account.without_position = column_property(
    not_(exists().where(Appointment.account_id == Account.id)), deferred=True
)
Account.without_role = column_property(
    not_(exists().where(ACCOUNT_ROLE.c.account_id == Account.id)), deferred=True
)
"""What a list is filtered by (ID-16)."""

Department.members = column_property(
    select(func.count())
    .where(
        Account.department_id == Department.id,
        Account.kind == PERSON,
        Account.status == IN_SERVICE,
    )
    .correlate_except(Account)
    .scalar_subquery(),
    deferred=True,
)
"""The people who work in it: not those below, nor programs. They are counted where they are shown, and not whenever a
department is loaded to be named or moved."""
