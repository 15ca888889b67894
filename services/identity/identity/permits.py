"""What the permissions of this service are called, and which of them only people hold."""

from collections.abc import Mapping

from servicekit import FOLLOW, KEEP, SEE, Deed, Noun
from servicekit.contracts.permissions import ONLY_FOR_ALL

GOVERN = KEEP._replace(for_people=True)
"""What gives access, or decides for the house: a program does neither, whoever holds its secret.

A webhook gives access too: it goes on telling whoever it was made for after the program's secret has ended."""

FOLLOW_ALL = FOLLOW._replace(scopes=ONLY_FOR_ALL)
"""Of what belongs to nobody: in a narrower scope there would be nothing to follow."""

PERMITS: Mapping[str, Noun] = {
    "institution": Noun(("机构", "Institutions"), read=SEE, write=GOVERN),
    "department": Noun(("部门", "Departments"), read=SEE, write=GOVERN),
    "account": Noun(("账号", "Accounts"), read=SEE, write=GOVERN),
    "role": Noun(("角色", "Roles"), read=SEE, write=GOVERN),
    "service_account": Noun(("服务账号", "Service accounts"), read=SEE, write=GOVERN),
    "approval": Noun(
        ("审批", "Approvals"),
        read=SEE,
        decide=Deed(("同意和驳回", "Approve and reject"), for_people=True),
        administer=Deed(
            ("处理任何人的审批", "Decide for anybody"), ONLY_FOR_ALL, for_people=True, inside=True
        ),
    ),
    "approval_flow": Noun(("审批流", "Approval flows"), read=SEE, write=GOVERN),
    "webhook": Noun(("Webhook 推送", "Webhooks"), read=SEE, write=GOVERN),
    "sign_in": Noun(("登录日志", "Sign-in log"), read=SEE),
    "signing_key": Noun(
        ("签名密钥", "Signing keys"),
        rotate=Deed(("轮换和停用", "Rotate and withdraw"), for_people=True),
        read=FOLLOW_ALL,
    ),
    "session": Noun(("会话", "Sessions"), read=FOLLOW_ALL),
    "access": Noun(("权限变更", "Changes of access"), read=FOLLOW_ALL),
}

FOR_PEOPLE = tuple(
    f"{name}.{deed}" for name, noun in PERMITS.items() for deed, said in noun.deeds.items() if said.for_people
)
