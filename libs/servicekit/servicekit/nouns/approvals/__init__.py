"""Consent to steps of records: asked for by their service, given in identity, followed by their service (decision 48).

class Quote(Approvable, Record, Owned, Base): ...

QUOTES = Noun(…, approvals={"submit": ("提交", "Submit")}, facts="amount currency customer_id")

approval_id = ask_approval(session, caller, quote, "submit")     # None: no flow is bound to it, it goes on at once

@QUOTES.decided("submit", APPROVED, tells=QuoteApproved)
def approve_quote(self, quote): quote.approve()
"""
