"""Reading a contract with nothing in between: FastAPI, asyncpg, orjson."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import FastAPI
from fastapi.responses import Response

CONTRACT = "SELECT * FROM contract WHERE id = $1"
LINES = "SELECT * FROM contract_line WHERE contract_id = $1 ORDER BY position"
TERMS = "SELECT * FROM payment_term WHERE contract_id = $1 ORDER BY position"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = await asyncpg.create_pool(os.environ["CONTRACT_URL"], min_size=10, max_size=10)
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)


def money(value: Decimal) -> str:
    return f"{value:.2f}"


def number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def line(row: Any) -> dict[str, Any]:
    return {
        "id": row["id"],
        "product_id": row["product_id"],
        "name": row["name"],
        "quantity": number(row["quantity"]),
        "price": number(row["price"]),
        "discount_percent": number(row["discount_percent"]),
        "total": money(row["quantity"] * row["price"] * row["discount_percent"] / 100),
        "delivery_due_on": row["delivery_due_on"],
        "delivered_on": row["delivered_on"],
        "delivered_quantity": number(row["delivered_quantity"]),
    }


def term(row: Any) -> dict[str, Any]:
    return {"id": row["id"], "due_on": row["due_on"], "amount": money(row["amount"]), "remark": row["remark"]}


@app.get("/v1/contracts/{contract_id}")
async def get_contract(contract_id: UUID) -> Response:
    """Return one contract."""
    async with app.state.pool.acquire() as connection:
        contract = await connection.fetchrow(CONTRACT, contract_id)
        lines = await connection.fetch(LINES, contract_id)
        terms = await connection.fetch(TERMS, contract_id)
    answer = {
        **{name: value for name, value in contract.items() if name != "approval_id"},
        "amount": money(contract["amount"]),
        "lines": [line(row) for row in lines],
        "payment_terms": [term(row) for row in terms],
    }
    return Response(orjson.dumps(answer, default=str), media_type="application/json")
