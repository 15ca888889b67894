"""Who may ask which route: the answers that the access matrix expects.

One letter a caller, in this order: anonymous, expired, foreign, peer, superior, owner, administrator, reader.
U: not signed in (401), F: forbidden (403), H: hidden (404, as if there were no such record), I: let in.
"""

OPEN = "IIIIIIII"
"""Nobody has to sign in; a sign-in that proves nothing is a 400 to everybody, as OAuth has it."""
OWN_PAGES = "FFFFFFFF"
"""Nobody but a page of ours, whose cookie it goes by: what only such a page sends is missing."""
SIGNED_IN = "UUIIIIII"
"""Everybody who is signed in and holds the permission; what a list shows is another test's matter."""
CREATING = "UUIIIIIF"
"""Everybody who holds the permission to write; the reader does not."""
SEEN = "UUHHIIII"
"""The owner's record: the superior, the administrator and who may read all see it, others hear of nothing."""
CHANGED = "UUHHIIIF"
"""The owner's record: who sees it and may write; the reader sees it and may not."""
WHOLE_READ = "UUFFFFII"
"""A noun without owners: held for all or not at all."""
WHOLE_WRITE = "UUFFFFIF"
"""The same, to write: the administrator alone here."""
OPERATED = "UUFFFFHF"
"""Of the bus and of keys: the administrator may, and there is no such event or key."""
ABOVE_READ = "UUHHHHII"
"""A department beside the owner's: in nobody's reach but the administrator's and the reader's."""
ABOVE_WRITE = "UUHHHHIF"
"""The same, to write."""
BELOW_ONES_OWN = "UUFFIFIF"
"""Departments below the superior's own, who keeps that one too."""
REQUESTED = "UUHHIIIH"
"""An approval that the owner requested and the superior decides: the reader has nothing to do with it."""
NOBODYS = "UUHHHHHH"
"""What is one's own or nobody's, and here nobody's: a session that there is not."""
TRACED = "UUHHHIII"
"""A process that the owner began: its steps are shown to whoever may read all processes, and to who began it."""

OF_ITS_GROUPS = "UUFFFFIH"
"""A pool: who may read pools sees those that they belong to, and here nobody does."""

IN_TEAMS = ("customers/{customer_id}", "leads/{lead_id}", "opportunities/{opportunity_id}")
SHARED = ("contracts/{contract_id}", *IN_TEAMS)
"""What is shared with others."""

GROUPS = {
    OF_ITS_GROUPS: ("GET /v1/pools/{pool_id}", "GET /v1/pools/{pool_id}/history"),
    OPEN: (
        "GET /.well-known/jwks.json",
        "GET /.well-known/oauth-authorization-server",
        "GET /health/live",
        "GET /health/ready",
        "POST /v1/auth/revoke",
        "POST /v1/auth/token",
        "GET /v1/event-types",
        "GET /v1/event-types/{event_type}/schema",
    ),
    OWN_PAGES: ("POST /v1/auth/session", "POST /v1/auth/session/renew", "POST /v1/auth/session/end"),
    SIGNED_IN: (
        "GET /v1/accounts",
        "GET /v1/activities",
        "GET /v1/addresses",
        "GET /v1/advances",
        "GET /v1/approval-delegations",
        "GET /v1/approvals",
        "GET /v1/cases",
        "GET /v1/contacts",
        "GET /v1/contracts",
        "GET /v1/customers",
        "GET /v1/approval-subjects",
        "GET /v1/company",
        "GET /v1/departments",
        "GET /v1/dictionaries",
        "GET /v1/dictionaries/{key}",
        "GET /v1/dictionaries/{key}/terms",
        "GET /v1/dictionaries/{key}/terms/{term_id}",
        "GET /v1/events",
        "GET /v1/events/stream",
        "GET /v1/fields",
        "GET /v1/fields/{field_id}",
        "GET /v1/lead-activities",
        "GET /v1/leads",
        "GET /v1/me",
        "GET /v1/me/sessions",
        "PATCH /v1/me/preferences",
        "POST /v1/me/password",
        "GET /v1/opportunities",
        "GET /v1/opportunities/totals",
        "GET /v1/opportunity-activities",
        "GET /v1/opportunity-competitors",
        "GET /v1/opportunity-competitors/totals",
        "GET /v1/opportunity-partners",
        "GET /v1/payables",
        "GET /v1/payables/totals",
        "GET /v1/payments",
        "GET /v1/processes",
        "GET /v1/receipts",
        "GET /v1/receivables",
        "GET /v1/receivables/totals",
        "GET /v1/search",
    ),
    CREATING: (
        "POST /v1/approval-delegations",
        "POST /v1/approvals/bulk-decide",
        "POST /v1/cases",
        "POST /v1/contracts",
        "POST /v1/customers",
        "GET /v1/customers/lookup",
        "POST /v1/leads",
        "POST /v1/opportunities",
        "POST /v1/payments",
        "POST /v1/receipts",
    ),
    SEEN: (
        "POST /v1/customers/{customer_id}/claim",
        "POST /v1/leads/{lead_id}/claim",
        "POST /v1/customers/{customer_id}/pool",
        "POST /v1/leads/{lead_id}/pool",
        "GET /v1/accounts/{account_id}",
        "GET /v1/addresses/{address_id}",
        "GET /v1/advances/{advance_id}",
        "GET /v1/cases/{case_id}",
        "GET /v1/cases/{case_id}/notes",
        "GET /v1/cases/{case_id}/notes/{note_id}",
        "GET /v1/contacts/{contact_id}",
        "GET /v1/contracts/{contract_id}",
        "GET /v1/contracts/{contract_id}/deliveries",
        "GET /v1/customers/{customer_id}",
        "GET /v1/customers/{customer_id}/activities",
        "GET /v1/customers/{customer_id}/activities/{activity_id}",
        "POST /v1/customers/{customer_id}/activities",
        "GET /v1/customers/{customer_id}/addresses",
        "GET /v1/customers/{customer_id}/contacts",
        "GET /v1/customers/{customer_id}/overview",
        "GET /v1/leads/{lead_id}",
        "GET /v1/leads/{lead_id}/activities",
        "GET /v1/leads/{lead_id}/activities/{activity_id}",
        "POST /v1/leads/{lead_id}/activities",
        "GET /v1/opportunities/{opportunity_id}",
        "GET /v1/opportunities/{opportunity_id}/activities",
        "GET /v1/opportunities/{opportunity_id}/activities/{activity_id}",
        "POST /v1/opportunities/{opportunity_id}/activities",
        "GET /v1/opportunities/{opportunity_id}/competitors",
        "GET /v1/opportunities/{opportunity_id}/partners",
        "GET /v1/opportunity-competitors/{opportunity_competitor_id}",
        "GET /v1/opportunity-partners/{opportunity_partner_id}",
        "GET /v1/payables/{payable_id}",
        "GET /v1/payments/{payment_id}",
        "GET /v1/receipts/{receipt_id}",
        "GET /v1/receivables/{receivable_id}",
        *(
            f"GET /v1/{nouns}/{part}"
            for nouns in SHARED
            for part in ("access", "shares", "shares/{share_id}")
        ),
        *(f"GET /v1/{nouns}/{part}" for nouns in IN_TEAMS for part in ("team", "team/{member_id}")),
    ),
    CHANGED: (
        *(
            deed
            for nouns in SHARED
            for deed in (f"POST /v1/{nouns}/shares", f"DELETE /v1/{nouns}/shares/{{share_id}}")
        ),
        *(
            deed
            for nouns in IN_TEAMS
            for deed in (f"POST /v1/{nouns}/team", f"DELETE /v1/{nouns}/team/{{member_id}}")
        ),
        "PATCH /v1/accounts/{account_id}",
        "POST /v1/accounts/{account_id}/password",
        "DELETE /v1/addresses/{address_id}",
        "DELETE /v1/approval-delegations/{delegation_id}",
        "PATCH /v1/addresses/{address_id}",
        "POST /v1/advances/{advance_id}/apply",
        "POST /v1/advances/{advance_id}/release",
        "POST /v1/approvals/{approval_id}/approve",
        "POST /v1/approvals/{approval_id}/reject",
        "POST /v1/approvals/{approval_id}/add",
        "POST /v1/approvals/{approval_id}/hand-on",
        "PATCH /v1/cases/{case_id}",
        "POST /v1/cases/{case_id}/assign",
        "POST /v1/cases/{case_id}/close",
        "POST /v1/cases/{case_id}/notes",
        "POST /v1/cases/{case_id}/pause",
        "POST /v1/cases/{case_id}/rate",
        "POST /v1/cases/{case_id}/reopen",
        "POST /v1/cases/{case_id}/resolve",
        "POST /v1/cases/{case_id}/start",
        "DELETE /v1/contacts/{contact_id}",
        "PATCH /v1/contacts/{contact_id}",
        "DELETE /v1/contracts/{contract_id}",
        "PATCH /v1/contracts/{contract_id}",
        "POST /v1/contracts/{contract_id}/complete",
        "POST /v1/contracts/{contract_id}/deliveries",
        "DELETE /v1/contracts/{contract_id}/deliveries/{delivery_id}",
        "POST /v1/contracts/{contract_id}/sign",
        "POST /v1/contracts/{contract_id}/submit",
        "PATCH /v1/customers/{customer_id}",
        "POST /v1/customers/{customer_id}/addresses",
        "POST /v1/customers/{customer_id}/contacts",
        "POST /v1/customers/{customer_id}/invalidate",
        "POST /v1/customers/{customer_id}/assign",
        "POST /v1/leads/{lead_id}/assign",
        "POST /v1/customers/{customer_id}/discard",
        "POST /v1/leads/{lead_id}/discard",
        "POST /v1/customers/{customer_id}/restore",
        "POST /v1/leads/{lead_id}/restore",
        "POST /v1/customers/{customer_id}/return",
        "POST /v1/leads/{lead_id}/return",
        "POST /v1/customers/{customer_id}/upgrade",
        "POST /v1/customers/{customer_id}/downgrade",
        "POST /v1/customers/{customer_id}/freeze",
        "POST /v1/customers/{customer_id}/unfreeze",
        "PATCH /v1/leads/{lead_id}",
        "POST /v1/leads/{lead_id}/close",
        "POST /v1/leads/{lead_id}/contacted",
        "POST /v1/leads/{lead_id}/convert",
        "POST /v1/leads/{lead_id}/reopen",
        "PATCH /v1/opportunities/{opportunity_id}",
        "POST /v1/opportunities/{opportunity_id}/competitors",
        "POST /v1/opportunities/{opportunity_id}/partners",
        "PATCH /v1/opportunity-competitors/{opportunity_competitor_id}",
        "DELETE /v1/opportunity-competitors/{opportunity_competitor_id}",
        "PATCH /v1/opportunity-partners/{opportunity_partner_id}",
        "DELETE /v1/opportunity-partners/{opportunity_partner_id}",
        "POST /v1/opportunities/{opportunity_id}/advance",
        "POST /v1/opportunities/{opportunity_id}/lose",
        "POST /v1/opportunities/{opportunity_id}/reopen",
        "POST /v1/opportunities/{opportunity_id}/win",
        "POST /v1/payments/{payment_id}/reverse",
        "POST /v1/receipts/{receipt_id}/reverse",
    ),
    WHOLE_READ: (
        "GET /v1/competitors",
        "GET /v1/competitors/{competitor_id}",
        "GET /v1/partners",
        "GET /v1/partners/{partner_id}",
        "GET /v1/product-categories",
        "GET /v1/product-categories/{product_category_id}",
        "GET /v1/approval-flows",
        "GET /v1/approval-flows/{flow_id}",
        "GET /v1/approval-flows/{flow_id}/versions",
        "GET /v1/bank-accounts",
        "GET /v1/bank-accounts/{bank_account_id}",
        "GET /v1/groups",
        "GET /v1/pools",
        "GET /v1/groups/{user_group_id}",
        "GET /v1/groups/{user_group_id}/members",
        "GET /v1/positions",
        "GET /v1/positions/{position_id}",
        "GET /v1/institutions",
        "GET /v1/institutions/{institution_id}",
        "GET /v1/numbering-rules",
        "GET /v1/numbering-rules/{series}",
        "GET /v1/parameters",
        "GET /v1/parameters/{parameter}",
        "GET /v1/products",
        "GET /v1/products/{product_id}",
        "GET /v1/roles",
        "GET /v1/roles/{role_id}",
        "GET /v1/service-accounts",
        "GET /v1/service-accounts/{service_account_id}",
        "GET /v1/sign-ins",
        "GET /v1/webhooks",
        "GET /v1/webhooks/terms",
        "GET /v1/webhooks/{webhook_id}",
        "GET /v1/webhooks/{webhook_id}/attempts",
        "GET /v1/webhooks/{webhook_id}/deliveries",
    ),
    WHOLE_WRITE: (
        "POST /v1/competitors",
        "PATCH /v1/competitors/{competitor_id}",
        "DELETE /v1/competitors/{competitor_id}",
        "POST /v1/partners",
        "PATCH /v1/partners/{partner_id}",
        "DELETE /v1/partners/{partner_id}",
        "POST /v1/product-categories",
        "PATCH /v1/product-categories/{product_category_id}",
        "DELETE /v1/product-categories/{product_category_id}",
        "POST /v1/accounts",
        "POST /v1/approval-flows",
        "PATCH /v1/approval-flows/{flow_id}",
        "POST /v1/bank-accounts",
        "PATCH /v1/bank-accounts/{bank_account_id}",
        "GET /v1/bus",
        "GET /v1/bus/audit",
        "POST /v1/bus/audit/mend",
        "GET /v1/bus/parked",
        "POST /v1/bus/parked/{service}/redrive",
        "POST /v1/bus/{service}/rebuild",
        "POST /v1/bus/{service}/replay",
        "POST /v1/departments",
        "POST /v1/dictionaries",
        "PATCH /v1/dictionaries/{key}",
        "POST /v1/dictionaries/{key}/terms",
        "POST /v1/dictionaries/{key}/terms/use",
        "PATCH /v1/dictionaries/{key}/terms/{term_id}",
        "POST /v1/fields",
        "PATCH /v1/fields/{field_id}",
        "PATCH /v1/numbering-rules/{series}",
        "PATCH /v1/parameters/{parameter}",
        "POST /v1/groups",
        "POST /v1/pools",
        "PATCH /v1/pools/{pool_id}",
        "DELETE /v1/groups/{user_group_id}",
        "PATCH /v1/groups/{user_group_id}",
        "POST /v1/groups/{user_group_id}/members",
        "DELETE /v1/groups/{user_group_id}/members/{account_id}",
        "POST /v1/positions",
        "DELETE /v1/positions/{position_id}",
        "PATCH /v1/positions/{position_id}",
        "POST /v1/positions/{position_id}/holders",
        "POST /v1/roles/{role_id}/members",
        "DELETE /v1/roles/{role_id}/members/{account_id}",
        "POST /v1/institutions",
        "PATCH /v1/institutions/{institution_id}",
        "DELETE /v1/institutions/{institution_id}",
        "POST /v1/products",
        "PATCH /v1/products/{product_id}",
        "POST /v1/roles",
        "DELETE /v1/roles/{role_id}",
        "PATCH /v1/roles/{role_id}",
        "POST /v1/service-accounts",
        "PATCH /v1/service-accounts/{service_account_id}",
        "DELETE /v1/service-accounts/{service_account_id}/secrets/{secret_id}",
        "POST /v1/service-accounts/{service_account_id}/rotate-secret",
        "POST /v1/signing-keys/rotate",
        "POST /v1/webhooks",
        "DELETE /v1/webhooks/{webhook_id}",
        "PATCH /v1/webhooks/{webhook_id}",
        "POST /v1/webhooks/{webhook_id}/resend",
        "POST /v1/webhooks/{webhook_id}/rotate-secret",
        "POST /v1/webhooks/{webhook_id}/test",
    ),
    OPERATED: (
        "POST /v1/access/preview",
        "GET /v1/bus/parked/{service}/{event_id}",
        "POST /v1/bus/parked/{service}/{event_id}/discard",
        "POST /v1/bus/parked/{service}/{event_id}/redrive",
        "POST /v1/signing-keys/{key_id}/withdraw",
    ),
    ABOVE_READ: ("GET /v1/departments/{department_id}",),
    ABOVE_WRITE: (
        "DELETE /v1/departments/{department_id}",
        "PATCH /v1/departments/{department_id}",
    ),
    BELOW_ONES_OWN: ("POST /v1/departments/rows",),
    REQUESTED: (
        "GET /v1/approval-delegations/{delegation_id}",
        "GET /v1/approvals/{approval_id}",
        "POST /v1/approvals/{approval_id}/remind",
        "POST /v1/approvals/{approval_id}/withdraw",
    ),
    NOBODYS: ("DELETE /v1/me/sessions/{session_id}",),
    TRACED: ("GET /v1/processes/{correlation_id}",),
}
EXPECTED = {route: letters for letters, routes in GROUPS.items() for route in routes}

NO_HISTORY = (
    "GET /v1/processes/{correlation_id}",
    "GET /v1/bus/parked/{service}/{event_id}",
    "GET /v1/dictionaries/{key}/terms/{term_id}",
    *(f"GET /v1/{nouns}/shares/{{share_id}}" for nouns in SHARED),
    *(f"GET /v1/{nouns}/team/{{member_id}}" for nouns in SHARED),
)
"""What shows no record of a noun by itself."""
EXPECTED |= {
    f"{route}/history": letters
    for route, letters in EXPECTED.items()
    if route.startswith("GET ") and route.endswith("}") and route not in NO_HISTORY
}
"""Whoever sees a record reads its history, and nobody else."""
EXPECTED["GET /v1/dictionaries/{key}/history"] = WHOLE_WRITE
EXPECTED["GET /v1/fields/{field_id}/history"] = WHOLE_WRITE
"""What a dictionary holds, and which fields there are, everybody knows; who changed them is for those who keep them."""

NO_SEARCH = (
    "approval-subjects", "bus", "company", "dictionaries", "events", "event-types", "fields", "me", "numbering-rules",
    "parameters", "processes", "search",
)  # fmt: skip
"""What stands at an address of its own and is no list of a noun."""
EXPECTED |= {
    f"{route.replace('GET', 'POST')}/search": letters
    for route, letters in EXPECTED.items()
    if route.startswith("GET /v1/") and route.count("/") == 2 and route.rpartition("/")[2] not in NO_SEARCH
}
"""Whoever may ask for a list may search it by conditions."""

UNLISTED = {"/openapi.json": 200, "/asyncapi.json": 200, "/docs": 200, "/events": 200, "/metrics": 200}
"""What stands in no document. The last is not published: tests/deploy/test_proxy.py."""
