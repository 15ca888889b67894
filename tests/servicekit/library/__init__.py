"""A library of books: the sample service that shows the kit knows no business noun."""
