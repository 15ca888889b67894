"""What there is before an administrator has changed anything; a test holds that it is what the services go by.

Of a dictionary that records were filled in with before there was one, the code of a term is the text that people wrote.
"""

from typing import Any

from identity.definitions.model import FLAG, INTEGER, TEXT

TERMS = dict[str, str]

SOURCES: TERMS = {
    "展会": "Exhibition", "网络": "Web", "电话": "Phone", "客户介绍": "Referral",
    "老客户": "Existing customer", "合作伙伴": "Partner", "广告": "Advertisement", "市场活动": "Event",
    "官网": "Website", "主动拜访": "Visit", "招投标": "Tender", "其他": "Other",
}  # fmt: skip
"""The first four are CU-48's."""
GRADES: TERMS = {
    "A": "Grade A", "B": "Grade B", "C": "Grade C", "D": "Grade D", "重点": "Key account", "VIP": "Very important",
    "普通": "Ordinary",
}  # fmt: skip
INDUSTRIES: TERMS = {
    "软件": "Software", "互联网": "Internet", "电子": "Electronics", "通信": "Telecommunications",
    "制造": "Manufacturing", "机械": "Machinery", "汽车": "Automotive", "化工": "Chemicals", "医药": "Pharmaceuticals",
    "医疗": "Health care", "能源": "Energy", "建筑": "Construction", "房地产": "Real estate", "金融": "Finance",
    "零售": "Retail", "批发": "Wholesale", "贸易": "Trade", "物流": "Logistics", "餐饮": "Catering",
    "旅游": "Travel", "教育": "Education", "传媒": "Media", "咨询": "Consulting", "农业": "Agriculture",
    "政府": "Government", "其他": "Other",
}  # fmt: skip
REGIONS: TERMS = {
    "华东": "East China", "华南": "South China", "华北": "North China", "华中": "Central China",
    "西南": "Southwest China", "西北": "Northwest China", "东北": "Northeast China",
    "北京": "Beijing", "天津": "Tianjin", "河北": "Hebei", "山西": "Shanxi", "内蒙古": "Inner Mongolia",
    "辽宁": "Liaoning", "吉林": "Jilin", "黑龙江": "Heilongjiang", "上海": "Shanghai", "江苏": "Jiangsu",
    "浙江": "Zhejiang", "安徽": "Anhui", "福建": "Fujian", "江西": "Jiangxi", "山东": "Shandong", "河南": "Henan",
    "湖北": "Hubei", "湖南": "Hunan", "广东": "Guangdong", "广西": "Guangxi", "海南": "Hainan",
    "重庆": "Chongqing", "四川": "Sichuan", "贵州": "Guizhou", "云南": "Yunnan", "西藏": "Tibet",
    "陕西": "Shaanxi", "甘肃": "Gansu", "青海": "Qinghai", "宁夏": "Ningxia", "新疆": "Xinjiang",
    "台湾": "Taiwan", "香港": "Hong Kong", "澳门": "Macao", "海外": "Overseas",
}  # fmt: skip
OPPORTUNITY_TYPES: TERMS = {
    "新客户": "New customer", "老客户": "Existing customer", "续约": "Renewal", "增购": "Upsell",
    "项目": "Project", "渠道": "Channel", "其他": "Other",
}  # fmt: skip

DICTIONARIES: dict[str, tuple[str, str, TERMS]] = {
    "source": ("来源", "Source", SOURCES),
    "grade": ("客户等级", "Customer grade", GRADES),
    "industry": ("行业", "Industry", INDUSTRIES),
    "region": ("区域", "Region", REGIONS),
    "opportunity_type": ("商机类型", "Opportunity type", OPPORTUNITY_TYPES),
}

NUMBERS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "customer": ("客户编号", "Customer number", "KH{date:%Y%m%d}-{n:04}", ()),
    "product": ("产品编码", "Product code", "{category}{date:%Y%m%d}-{n:04}", ("category",)),
    "contract": ("合同编号", "Contract number", "HT{date:%Y%m%d}-{n:04}", ()),
    "receipt": ("收款单号", "Receipt number", "SK{date:%Y%m%d}-{n:04}", ()),
    "payment": ("付款单号", "Payment number", "FK{date:%Y%m%d}-{n:04}", ()),
    "case": ("服务工单编号", "Case number", "FW{date:%Y%m%d}-{n:04}", ()),
}
"""By series: what it is called, its pattern, and what of the record its pattern may show: of a product
the code of its category and a dash, or ``CP``."""


def _parameter(
    label: tuple[str, str], explanation: tuple[str, str], default: Any, least: int | None, most: int | None
) -> dict[str, Any]:
    return {
        "label": said(*label),
        "explanation": said(*explanation),
        "type": {bool: FLAG, int: INTEGER, str: TEXT}[type(default)],
        "default": default,
        "minimum": least,
        "maximum": most,
    }


def said(chinese: str, english: str) -> dict[str, str]:
    """Return a label as definitions have it."""
    return {"zh": chinese, "en": english}


PARAMETERS: dict[str, dict[str, Any]] = {
    "company.name_zh": _parameter(
        ("公司中文名称", "Company name in Chinese"),
        ("公司的中文名称，任何登录的人和程序都能读到。",
         "What the company is called in Chinese; whoever is signed in reads it."),
        "", None, 100,
    ),
    "company.name_en": _parameter(
        ("公司英文名称", "Company name in English"),
        ("公司的英文名称，任何登录的人和程序都能读到。",
         "What the company is called in English; whoever is signed in reads it."),
        "", None, 100,
    ),
    "customer.pool_required": _parameter(
        ("新建客户必选公海", "New customers need a pool"),
        ("启用后，新建客户时必须选择创建类型和所属公海。",
         "Whether whoever creates a customer has to say whose it is and of which pool."),
        False, None, None,
    ),
    "customer.private_customers_a_person": _parameter(
        ("每人私有客户上限", "Private customers a person"),
        ("每人最多拥有的私有客户数，0 表示不限。调低不影响已有的客户；有客户维护权限的人可以超出上限分配。",
         "How many private customers a person has at most, 0 for no limit. Lowering it takes nothing away; "
         "who maintains customers gives more than that."),
        0, 0, 1_000_000,
    ),
    "customer.lookups_an_hour": _parameter(
        ("每小时查重次数", "Look-ups an hour"),
        ("每个账号每小时最多可以按名称查重的次数，防止批量读取客户名称。",
         "How many look-ups by name an account has an hour, so that nobody reads out all customers."),
        120, 1, 10_000,
    ),
    "customer.downgrades_need_approval": _parameter(
        ("降级和冻结须审批", "Downgrades need approval"),
        ("客户降级和冻结是否须审批（绑定了审批流程时）；否则立即生效。",
         "Whether a customer's downgrade and freezing wait for an approval where a flow is bound to them."),
        False, None, None,
    ),
    "sales.conversions_an_hour": _parameter(
        ("每小时转化线索数", "Conversions an hour"),
        ("每个账号每小时最多可以转化的线索数。", "How many leads an account may convert an hour."),
        300, 1, 10_000,
    ),
    "approval.day_begins": _parameter(
        ("工作日开始（点）", "Working day begins (hour)"),
        ("审批超时升级按工作小时计算：工作日从几点开始。",
         "Approvals escalate after working hours: at which hour a working day begins."),
        9, 0, 23,
    ),
    "approval.day_ends": _parameter(
        ("工作日结束（点）", "Working day ends (hour)"),
        ("审批超时升级按工作小时计算：工作日到几点结束。",
         "Approvals escalate after working hours: at which hour a working day ends."),
        18, 1, 24,
    ),
    "approval.working_days": _parameter(
        ("工作日", "Working days"),
        ("一周中的工作日：1 是周一，7 是周日，例如 12345。",
         "The working days of a week: 1 is Monday, 7 is Sunday, e.g. 12345."),
        "12345", None, 7,
    ),
    "approval.minutes_between_reminders": _parameter(
        ("催办间隔（分钟）", "Minutes between reminders"),
        ("同一审批两次催办之间至少相隔的分钟数。",
         "How many minutes lie between two reminders of one approval at least."),
        60, 1, 10_080,
    ),
    "identity.shortest_password": _parameter(
        ("密码最少字符数", "Shortest password"),
        ("新密码至少要有的字符数；已有的密码不受影响。",
         "How many characters a new password has at least; those there are stay."),
        8, 8, 64,
    ),
}  # fmt: skip

FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "customer": ((), ("kind", "phone", "industry", "region", "source")),
    "lead": ((), ("company_name", "mobile", "title", "source", "priority")),
    "opportunity": (("customer_id", "type"), ("amount", "expected_close_on")),
}
"""By noun, which of its own fields forms require, and which others they ask first (CU-02, SA-09, SA-25).

Programs may go on leaving out what they could (``strict`` is false) until an administrator says otherwise.
"""
NOT_ASKED = ("owner_id", "status", "stage", "currency")
"""Fields that follow from something else unless somebody says them."""
