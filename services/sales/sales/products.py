"""The product catalogue (SA-50): what opportunities and contracts are about."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from sales.base import Base
from sales.categories import ProductCategory, category_named
from sales.product_schema import ProductSchema
from servicekit import Caller, Fault, Invalid, Noun, Numbers, Record, name_key_of, operation, publish
from servicekit.base.money import check_amount

NUMBERS = Numbers("product", "{category}{date:%Y%m%d}-{n:04}")


class Product(Record, Base):
    """Something that is sold; it has no owner, everybody sees the same catalogue."""

    __tablename__ = "product"

    code: Mapped[str]
    """What it is ordered by; unique by its key (``kehu_key``)."""
    name: Mapped[str]
    category: Mapped[str | None]
    """What it is called in a house that keeps no tree of categories."""
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_category.id"))
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


PRODUCTS = Noun(
    Product, ProductSchema, "/v1/products", label=("产品", "Products"), row="SA-50",
    filters="name~ code~ category category_id active price", sorts="created_at code name price",
    tells="created updated",
)  # fmt: skip
TAKEN = ("product-code-taken", "stale-version")


def check_product(session: Session, product_id: UUID | None) -> None:
    """Make sure that a product named by a client is one of the catalogue.

    Raises:
        Invalid: for the field ``product_id``.
    """
    if product_id is not None and session.get(Product, product_id) is None:
        raise Invalid.field("product_id", Fault("unknown-product", "There is no such product."))


def next_code(session: Session, category: ProductCategory | None) -> str:
    """Return a code for a product that came without one, which begins with its category's (GW-57); what somebody has
    used already is passed over."""
    begins = {"category": f"{category.code}-" if category else "CP"}
    while True:
        code = NUMBERS.next(session, fields=begins)
        if session.scalar(select(Product.id).where(name_key_of(Product.code) == name_key_of(code))) is None:
            return code


@PRODUCTS.operations("list get restate")
class ProductOperations:
    """The catalogue."""

    @operation(
        "POST /v1/products", permission=PRODUCTS.writing, accepts=ProductSchema, returns=ProductSchema,
        creates=True, errors=("product-code-taken",),
    )  # fmt: skip
    def create_product(self, session: Session, caller: Caller, data: dict[str, Any]) -> Product:
        """Add a product to the catalogue; its code is unique, and given where none is named (SA-50)."""
        category = category_named(session, data["category_id"])
        data["code"] = data.get("code") or next_code(session, category)
        product = Product()
        product.fill_in(**data)
        session.add(product)
        publish(session, product, PRODUCTS.created.of(product))
        return product

    @operation(
        "PATCH /v1/products/{product_id}", permission=PRODUCTS.writing, accepts=ProductSchema,
        returns=ProductSchema, errors=TAKEN,
    )  # fmt: skip
    def update_product(
        self, session: Session, caller: Caller, product_id: UUID, data: dict[str, Any]
    ) -> Product:
        """Change a product, or take it out of use with ``active`` (SA-50)."""
        product = PRODUCTS.load(session, caller, product_id)
        category_named(session, data.get("category_id"))
        product.fill_in(**data)
        publish(session, product, PRODUCTS.updated.of(product))
        return product
