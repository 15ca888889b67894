"""The product catalogue (SA-50): what opportunities and contracts are about."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from sales.base import Base
from sales.events import ProductCreated, ProductUpdated
from sales.product_schema import ProductSchema
from servicekit import (
    Caller,
    Fault,
    ForAll,
    Invalid,
    Listing,
    Record,
    Search,
    load,
    name_key_of,
    next_number,
    operation,
    publish,
)
from servicekit.base.money import check_amount

READ, WRITE = ForAll("product.read"), ForAll("product.write")


class Product(Record, Base):
    """Something that is sold; it has no owner, everybody sees the same catalogue."""

    __tablename__ = "product"

    code: Mapped[str]
    """What it is ordered by; unique by its key (``kehu_key``)."""
    name: Mapped[str]
    category: Mapped[str | None]
    unit: Mapped[str | None]
    price: Mapped[Decimal]
    """The standard sales price."""
    currency: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)

    def fill_in(self, **values: Any) -> None:
        """Set what is named; the price has the digits of its currency."""
        for name, value in values.items():
            setattr(self, name, value)
        if values.keys() & {"price", "currency"}:
            check_amount("price", self.price, self.currency)


PRODUCTS = Listing(
    Product,
    ProductSchema,
    READ,
    filters={
        "name": Search(Product.name),
        "code": Search(Product.code),
        "category": Product.category,
        "active": Product.active,
        "price": Product.price,
    },
    sorts={
        "created_at": Product.created_at,
        "code": Product.code,
        "name": Product.name,
        "price": Product.price,
    },
)


def check_product(session: Session, product_id: UUID | None) -> None:
    """Make sure that a product named by a client is one of the catalogue.

    Raises:
        Invalid: for the field ``product_id``.
    """
    if product_id is not None and session.get(Product, product_id) is None:
        raise Invalid.field("product_id", Fault("unknown-product", "There is no such product."))


def next_code(session: Session) -> str:
    """Return a code for a product that came without one; what somebody has used already is passed over."""
    while True:
        code = next_number(session, "CP")
        if session.scalar(select(Product.id).where(name_key_of(Product.code) == name_key_of(code))) is None:
            return code


class ProductOperations:
    """The catalogue."""

    @operation("GET /v1/products", lists=PRODUCTS)
    def list_products(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the products of the catalogue (SA-50)."""
        return PRODUCTS.page(session, caller, query)

    @operation("GET /v1/products/{product_id}", permission=READ, returns=ProductSchema)
    def get_product(self, session: Session, caller: Caller, product_id: UUID) -> Any:
        """Return one product (SA-50)."""
        return PRODUCTS.record(session, caller, product_id)

    @operation(
        "POST /v1/products",
        permission=WRITE,
        accepts=ProductSchema,
        returns=ProductSchema,
        creates=True,
        errors=("product-code-taken",),
    )
    def create_product(self, session: Session, caller: Caller, data: dict[str, Any]) -> Product:
        """Add a product to the catalogue; its code is unique, and given where none is named (SA-50)."""
        data["code"] = data.get("code") or next_code(session)
        product = Product()
        product.fill_in(**data)
        session.add(product)
        publish(session, product, ProductCreated.of(product))
        return product

    @operation(
        "PATCH /v1/products/{product_id}",
        permission=WRITE,
        accepts=ProductSchema,
        returns=ProductSchema,
        errors=("product-code-taken", "stale-version"),
    )
    def update_product(
        self, session: Session, caller: Caller, product_id: UUID, data: dict[str, Any]
    ) -> Product:
        """Change a product, or take it out of use with ``active`` (SA-50)."""
        product = load(session, Product, product_id, caller, WRITE)
        product.fill_in(**data)
        publish(session, product, ProductUpdated.of(product))
        return product
