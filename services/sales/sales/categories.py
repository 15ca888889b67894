"""Product categories (SA-49): a tree of any depth; a category's code begins the codes of its products."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Uuid, any_, exists, func, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from sales.base import Base
from servicekit import Caller, Conflict, Fault, Invalid, Noun, Record, operation, publish, publish_deletion
from servicekit.base.fields import Flag, Id, Integer, List, Schema, Text, Timestamp

TREE = 2
"""Advisory lock under which the tree is changed: of two moves at once, one would make a ring."""


class ProductCategory(Record, Base):
    """A part of the catalogue, below another one or at the top."""

    __tablename__ = "product_category"

    code: Mapped[str]
    """What codes of its products begin with; unique by its key (``kehu_key``)."""
    name: Mapped[str]
    """Unique by its key among those under one parent."""
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_category.id"))
    path: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    """The ids from the top of the tree to the category itself."""
    remark: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)

    def place_under(self, parent: "ProductCategory | None") -> None:
        """Put the category below another, or at the top.

        Raises:
            Invalid: if the other one is the category itself or stands below it.
        """
        if parent is not None and self.id in parent.path:
            raise Invalid.field("parent_id", Fault("below-itself", "A category cannot stand below itself."))
        self.parent_id = parent.id if parent else None
        self.path = [*(parent.path if parent else []), self.id]


class ProductCategorySchema(Schema):
    """A category of products."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    code = Text(20, label=("类别编码", "Code"), required=True, metadata={"example": "GTX"})
    name = Text(100, label=("类别名称", "Name"), required=True, metadata={"example": "GTX 系列"})
    parent_id = Id(
        label=("上级类别", "Parent category"), reference="product_category", load_default=None,
        metadata={"example": None},
    )  # fmt: skip
    path = List(Id(reference="product_category"), label=("类别路径", "Path"), dump_only=True)
    remark = Text(500, label=("备注", "Remark"), load_default=None, multiline=True)
    active = Flag(label=("启用", "Active"), load_default=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


CATEGORIES = Noun(
    ProductCategory, ProductCategorySchema, "/v1/product-categories",
    label=("产品类别", "Product categories"), row="SA-49",
    filters="name~ code~ parent_id active", sorts="created_at code name",
)  # fmt: skip
TAKEN = ("product-category-code-taken", "product-category-name-taken")


@CATEGORIES.operations("list get restate")
class CategoryOperations:
    """The tree of product categories."""

    @operation(
        "POST /v1/product-categories", permission=CATEGORIES.writing, accepts=ProductCategorySchema,
        returns=ProductCategorySchema, creates=True, errors=TAKEN,
    )  # fmt: skip
    def create_product_category(
        self, session: Session, caller: Caller, data: dict[str, Any]
    ) -> ProductCategory:
        """Add a category, at the top or below another (SA-49)."""
        _take_turns(session)
        parent_id = data.pop("parent_id")
        category = ProductCategory(**data)
        category.place_under(_named(session, parent_id, "parent_id"))
        session.add(category)
        publish(session, category, CATEGORIES.created.of(category))
        return category

    @operation(
        "PATCH /v1/product-categories/{product_category_id}", permission=CATEGORIES.writing,
        accepts=ProductCategorySchema, returns=ProductCategorySchema, errors=(*TAKEN, "stale-version"),
    )  # fmt: skip
    def update_product_category(
        self, session: Session, caller: Caller, product_category_id: UUID, data: dict[str, Any]
    ) -> ProductCategory:
        """Rename or move a category, or take it out of use; what stands below moves along (SA-49)."""
        _take_turns(session)
        category = CATEGORIES.load(session, caller, product_category_id)
        moves = data.get("parent_id", category.parent_id) != category.parent_id
        parent_id = data.pop("parent_id", None)
        category.fill_in(**data)
        below = _below(session, category) if moves else []
        if moves:
            category.place_under(_named(session, parent_id, "parent_id"))
        for each in below:
            each.path = [*category.path, *each.path[each.path.index(category.id) + 1 :]]
        for each in (category, *below):
            publish(session, each, CATEGORIES.updated.of(each))
        return category

    @operation(
        "DELETE /v1/product-categories/{product_category_id}", permission=CATEGORIES.writing,
        errors=("product-category-in-use", "stale-version"),
    )  # fmt: skip
    def delete_product_category(self, session: Session, caller: Caller, product_category_id: UUID) -> None:
        """Delete a category that no product belongs to and nothing stands below (SA-49)."""
        _take_turns(session)
        category = CATEGORIES.load(session, caller, product_category_id)
        if _below(session, category) or session.scalar(select(_is_named(category.id))):
            raise Conflict("product-category-in-use", "Products or categories still belong to it.")
        publish_deletion(session, category, CATEGORIES.deleted.of(category))


def category_named(session: Session, category_id: UUID | None) -> ProductCategory | None:
    """Return the category that a product names, held until the transaction ends; None for none.

    Raises:
        Invalid: ``unknown-category`` for the field ``category_id``.
    """
    return _named(session, category_id, "category_id")


def _named(session: Session, category_id: UUID | None, field: str) -> ProductCategory | None:
    if category_id is None:
        return None
    found = session.get(ProductCategory, category_id, with_for_update={"read": True, "key_share": True})
    if found is None:
        raise Invalid.field(field, Fault("unknown-category", "There is no such category."))
    return found


def _below(session: Session, category: ProductCategory) -> list[ProductCategory]:
    """Return all categories below one, those next to it first."""
    below = select(ProductCategory).where(
        literal(category.id) == any_(ProductCategory.path), ProductCategory.id != category.id
    )
    return list(session.scalars(below.order_by(func.cardinality(ProductCategory.path), ProductCategory.id)))


def _is_named(category_id: UUID) -> Any:
    products = ProductCategory.metadata.tables["product"]
    return exists().where(products.c.category_id == category_id)


def _take_turns(session: Session) -> None:
    """Let the tree be changed by one transaction at a time: two moves at once could make a ring."""
    session.execute(select(func.pg_advisory_xact_lock(TREE, 0)))
