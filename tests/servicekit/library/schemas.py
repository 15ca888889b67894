"""What comes in about books, and what goes out."""

from typing import Any, ClassVar

from marshmallow.fields import Field

from servicekit.base.fields import (
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
from servicekit.base.labels import Labelled

LANGUAGES = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}


class PagesSchema(Schema):
    """How many pages more a book has."""

    pages = Integer(label=("页数", "Pages"), minimum=1, required=True)


class BookSchema(Schema):
    """A book."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    number = Text(label=("书号", "Number"), dump_only=True)
    owner_id = AccountId()
    isbn = Text(20, label=("国际书号", "ISBN"), load_default=None, allow_none=True)
    title = Text(200, label=("书名", "Title"), required=True)
    price = Money(label=("价格", "Price"), minimum=0)
    pages = Integer(label=("页数", "Pages"), minimum=0)
    published_on = Date(label=("出版日期", "Published on"), allow_none=True)
    remark = Text(2000, label=("备注", "Remark"), allow_none=True, multiline=True)
    lent = Flag(label=("已借出", "Lent"), dump_only=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class LoanSchema(Schema):
    """A loan."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    book_id = Id(label=("图书", "Book"), required=True)
    due_on = Date(label=("应还日期", "Due on"), required=True)


WAYS = {
    "gate": ("门口", "Gate"),
    "database": ("数据库", "Database"),
    "python": ("程序", "Python"),
    "raise": ("出错", "Raise"),
    "unspeakable": ("无法写出", "Unspeakable"),
}


class StocktakingSchema(Schema):
    """How the shelves are counted."""

    way = Code(WAYS, label=("清点方式", "Way"), required=True)


class AsItIs(Labelled, Field[Any]):
    """What is answered as it is, and may be something that JSON has no way to write."""

    described: ClassVar[dict[str, Any]] = {"type": "string"}


class StockSchema(Schema):
    """What was counted."""

    number = AsItIs(label=("书号", "Number"), dump_only=True)


class CopySchema(Schema):
    """One copy on an order form: a field of every kind, each with bounds its example has to keep to."""

    always = ("mark", "shelf", "weight", "language")

    mark = Text(5, label=("标记", "Mark"), required=True)
    shelf = Integer(label=("书架", "Shelf"), required=True, minimum=1000, maximum=1999)
    weight = Number(label=("重量", "Weight"), required=True, above=5)
    language = Code(LANGUAGES, label=("语言", "Language"), required=True)
    unpacked_by = AccountId(label=("拆箱人", "Unpacked by"))


class OrderSchema(Schema):
    """An order form for new books."""

    always = ("supplier", "budget", "urgent", "copies")

    supplier = Email(label=("供应商", "Supplier"), required=True)
    budget = Money(label=("预算", "Budget"), required=True, above=20000)
    urgent = Flag(label=("加急", "Urgent"), load_default=False)
    wanted_at = Timestamp(label=("需要时间", "Wanted"))
    copies = List(Nested(CopySchema), label=("册", "Copies"), maximum=20, required=True)
    told = List(AccountId(), label=("知会人", "Told"), maximum=10)


class ReservationSchema(Schema):
    """For whom a book is kept."""

    reader_id = Id(label=("读者", "Reader"), required=True)


class FindSchema(Schema):
    """The query of the finder."""

    text = Text(50, label=("文本", "Text"), required=True, metadata={"description": "What is looked for."})


class FoundSchema(Schema):
    """What was asked for, and on behalf of which process."""

    text = Text(label=("文本", "Text"), dump_only=True)
    correlation_id = Id(label=("流程", "Process"), dump_only=True)
