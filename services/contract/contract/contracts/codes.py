"""The codes of contracts, and what they are called."""

DRAFT, PENDING, APPROVED, SIGNED, COMPLETED = "draft", "pending_approval", "approved", "signed", "completed"
STATUSES = {
    DRAFT: ("草稿", "Draft"),
    PENDING: ("审批中", "Pending approval"),
    APPROVED: ("已批准", "Approved"),
    SIGNED: ("已签订", "Signed"),
    COMPLETED: ("已完成", "Completed"),
}
INCOME, EXPENSE, DESCRIPTIVE = "income", "expense", "descriptive"
NATURES = {INCOME: ("收入", "Income"), EXPENSE: ("支出", "Expense"), DESCRIPTIVE: ("无收支", "Descriptive")}
ONE_OFF, INSTALMENTS, NO_PAYMENT = "one_off", "instalments", "none"
PAYMENT_MODES = {
    ONE_OFF: ("一次性", "One-off"),
    INSTALMENTS: ("分期", "Instalments"),
    NO_PAYMENT: ("无需付款", "No payment"),
}
KINDS = {"sales": ("销售合同", "Sales"), "purchase": ("采购合同", "Purchase")}
