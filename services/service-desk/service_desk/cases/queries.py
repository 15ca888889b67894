"""Cases: what is kept of them, and how they are found."""

from service_desk.cases.model import PRIORITIES, Case
from service_desk.cases.schemas import CaseSchema
from servicekit import Deed, Noun, Search, Sort

CASES = Noun(
    Case,
    CaseSchema,
    "/v1/cases",
    name="case",
    label=("服务工单", "Cases"),
    row="SD-01",
    filters="number subject~ status customer_id customer_owner_id contact_id owner_id handler_id opened_by priority "
    "channel source kind serial_number phone~ rating closed_at",
    sorts="created_at updated_at number",
    also_filters={"search": Search(Case.subject, also=(Case.number, Case.phone))},
    also_sorts={"priority": Sort(Case.priority, ranks=tuple(PRIORITIES))},
    deeds={"close": Deed(("关闭", "Close"))},
    tells="",
)
