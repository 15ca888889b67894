"""The five roles that come with the system; what they allow may be changed afterwards."""

from typing import NamedTuple

from identity.roles.model import ADMINISTRATOR
from identity.roles.permissions import EVERY

DIRECTORY = dict.fromkeys(
    (
        "institution.read", "department.read", "account.read", "position.read", "role.read", "user_group.read",
        "definition.read", "pool.read",
    ),
    "all",
)  # fmt: skip
APPROVALS = {"approval.read": "own", "approval.decide": "own"}
LIBRARIES = ("competitor", "partner", "product", "product_category")
"""What belongs to nobody: the whole of sales reads it, and managers keep it."""
COMMON = {**DIRECTORY, **APPROVALS, "product.read": "all", "product_category.read": "all"}
READING = {f"{library}.read": "all" for library in LIBRARIES}

SELLING = (
    "lead.read", "lead.write", "lead.convert",
    "customer.read", "customer.write", "contact.read", "contact.write", "activity.read",
    "opportunity.read", "opportunity.write", "opportunity.close",
    "opportunity_competitor.read", "opportunity_partner.read",
    "contract.read", "contract.write", "contract.sign", "contract.complete",
    "receivable.read", "receipt.read", "advance.read",
    "case.read", "case.write",
)  # fmt: skip


class ReadyRole(NamedTuple):
    """A role to be put in."""

    code: str
    name: str
    permissions: dict[str, str]


READY_ROLES = (
    ReadyRole(ADMINISTRATOR, "系统管理员", {EVERY: "all"}),
    ReadyRole(
        "sales_manager",
        "销售经理",
        {
            **COMMON,
            **dict.fromkeys(SELLING, "department"),
            **READING,
            **{f"{library}.write": "all" for library in LIBRARIES},
        },
    ),
    ReadyRole("salesperson", "销售员", {**COMMON, **dict.fromkeys(SELLING, "own"), **READING}),
    ReadyRole(
        "finance",
        "财务",
        {
            **COMMON,
            **dict.fromkeys(
                (
                    "contract.read", "customer.read", "contact.read", "receivable.read", "payable.read",
                    "receipt.read", "receipt.write", "payment.read", "payment.write",
                    "advance.read", "advance.write", "bank_account.read", "bank_account.write",
                ),
                "all",
            ),
        },
    ),
    ReadyRole(
        "service_agent",
        "客服",
        {
            **COMMON,
            **dict.fromkeys(
                (
                    "customer.read", "contact.read", "activity.read",
                    "case.read", "case.write", "case.close",
                ),
                "all",
            ),
        },
    ),
)  # fmt: skip
