"""Fields at run time: what an administrator adds to the records of a noun, or requires of them (docs/decisions/0045).

    class Book(Record, Owned, Custom, Base): ...        # the column
    class BookSchema(Schema): custom = CustomValues("book")   # the member of what comes in and goes out

The rest follows: values are checked (``checking``), found and ordered by (``asking``), told by events and histories.
"""
