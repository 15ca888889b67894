"""The institution."""

from sqlalchemy.orm import Mapped

from identity.base import Base
from servicekit import Record


class Institution(Record, Base):
    """A legal entity; its departments stand below at most one top department (ID-01, ID-02)."""

    __tablename__ = "institution"

    name: Mapped[str]
    """Unique by its key (``kehu_key``)."""
