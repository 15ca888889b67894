"""The codes of approvals, and what they are called."""

PENDING, APPROVED, REJECTED, WITHDRAWN = "pending", "approved", "rejected", "withdrawn"
STATES = {
    PENDING: ("待审批", "Pending"),
    APPROVED: ("已通过", "Approved"),
    REJECTED: ("已驳回", "Rejected"),
    WITHDRAWN: ("已撤回", "Withdrawn"),
}
PASSED, HANDED_ON, REPLACED = "passed", "handed_on", "replaced"
"""Nobody needs to answer any more; who was asked let somebody else answer; whoever was asked no longer could."""
TASK_STATES = {**STATES, PASSED: ("无需处理", "No longer needed")}
ANSWERS = {
    PENDING: ("待处理", "Pending"),
    APPROVED: ("已同意", "Approved"),
    REJECTED: ("已驳回", "Rejected"),
    PASSED: ("无需处理", "No longer needed"),
    HANDED_ON: ("已转交", "Handed on"),
    REPLACED: ("已更换", "Replaced"),
}
FLOW, ADDED, GIVEN, ESCALATED, INSTEAD = "flow", "added", "handed_on", "escalated", "administrators"
REASONS = {
    FLOW: ("流程指定", "By the flow"),
    ADDED: ("加签", "Added"),
    GIVEN: ("转交", "Handed on"),
    ESCALATED: ("超时升级", "Escalated"),
    INSTEAD: ("由管理员处理", "In place of others"),
}
