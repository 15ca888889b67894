"""The declarative base of this service's entities."""

from sqlalchemy.orm import DeclarativeBase

import servicekit


class Base(DeclarativeBase):
    """What all entities of the library derive from."""

    metadata = servicekit.metadata()
    type_annotation_map = servicekit.COLUMN_TYPES
