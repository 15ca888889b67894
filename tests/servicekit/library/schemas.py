"""What comes in about books, and what goes out."""

from typing import Any, ClassVar

from marshmallow.fields import Field

from servicekit.fields import (
    AccountId,
    Code,
    Date,
    Email,
    Flag,
    Id,
    Integer,
    List,
    Money,
    Nested,
    Number,
    Schema,
    Text,
    Timestamp,
)

LANGUAGES = ("zh", "en")


class PagesSchema(Schema):
    """How many pages more a book has."""

    pages = Integer(minimum=1, required=True)


class BookSchema(Schema):
    """A book."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    number = Text(dump_only=True)
    owner_id = AccountId()
    isbn = Text(20, load_default=None, allow_none=True)
    title = Text(200, required=True)
    price = Money(minimum=0)
    pages = Integer(minimum=0)
    published_on = Date(allow_none=True)
    remark = Text(2000, allow_none=True, multiline=True)
    lent = Flag(dump_only=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class LoanSchema(Schema):
    """A loan."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    book_id = Id(required=True)
    due_on = Date(required=True)


class StocktakingSchema(Schema):
    """How the shelves are counted."""

    way = Code(("gate", "database", "python", "raise", "unspeakable"), required=True)


class AsItIs(Field[Any]):
    """What is answered as it is, and may be something that JSON has no way to write."""

    described: ClassVar[dict[str, Any]] = {"type": "string"}


class StockSchema(Schema):
    """What was counted."""

    number = AsItIs(dump_only=True)


class CopySchema(Schema):
    """One copy on an order form: a field of every kind, each with bounds its example has to keep to."""

    always = ("mark", "shelf", "weight", "language")

    mark = Text(5, required=True)
    shelf = Integer(required=True, minimum=1000, maximum=1999)
    weight = Number(required=True, above=5)
    language = Code(LANGUAGES, required=True)
    unpacked_by = AccountId()


class OrderSchema(Schema):
    """An order form for new books."""

    always = ("supplier", "budget", "urgent", "copies")

    supplier = Email(required=True)
    budget = Money(required=True, above=20000)
    urgent = Flag(load_default=False)
    wanted_at = Timestamp()
    copies = List(Nested(CopySchema), maximum=20, required=True)
    told = List(AccountId(), maximum=10)


class ReservationSchema(Schema):
    """For whom a book is kept."""

    reader_id = Id(required=True)


class FindSchema(Schema):
    """The query of the finder."""

    text = Text(50, required=True, metadata={"description": "What is looked for."})


class FoundSchema(Schema):
    """What was asked for, and on behalf of which process."""

    text = Text(dump_only=True)
    correlation_id = Id(dump_only=True)
