"""What a record knows of the consent that it waits for, and what may not be done to it meanwhile."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from servicekit.base.errors import Conflict
from servicekit.nouns.possible import GUARD, Guard, guarded


class Approvable:
    """A record some of whose steps need consent; while one is waited for, what ``locked`` names is refused."""

    approval_id: Mapped[UUID | None] = mapped_column(default=None)
    """The approval that is waited for, and no other."""
    approval_step: Mapped[str | None] = mapped_column(default=None)
    """What it is to agree to."""

    locked: ClassVar[tuple[str, ...]] = ("fill_in", "ensure_deletable")
    """The methods that change what was asked about; those that a state of its own refuses anyway are left out."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name in cls.locked:
            if (step := getattr(cls, name, None)) is not None:
                setattr(cls, name, unless_waiting(step))

    @property
    def approval_title(self) -> str:
        """What those who are asked read first."""
        said = (getattr(self, name, None) for name in ("number", "name", "title"))
        return " ".join(str(each) for each in said if each)

    def wait_for(self, approval_id: UUID, step: str) -> None:
        """Wait for a consent."""
        self.approval_id, self.approval_step = approval_id, step

    def wait_no_longer(self) -> None:
        """The consent has been given or refused."""
        self.approval_id = self.approval_step = None


def unless_waiting(step: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse a method of an entity while a consent is waited for (``approval-pending``), before its own guard."""
    own: Guard | None = getattr(step, GUARD, None)

    def guard(record: Any) -> Any:
        if record.approval_step is not None:
            return Conflict("approval-pending", "It waits for an approval, and cannot be changed meanwhile.")
        return own(record) if own is not None else None

    return guarded(guard)(step)
