"""What the permissions of this service are called that no noun declares."""

from collections.abc import Mapping

from servicekit import FOLLOW, KEEP, SEE, Deed, Deeds
from servicekit.nouns.deeds import ONLY_FOR_ALL

GOVERN = KEEP._replace(for_people=True)
"""What gives access, or decides for the house: a program does neither, whoever holds its secret.

A webhook gives access too: it goes on telling whoever it was made for after the program's secret has ended."""

FOLLOW_ALL = FOLLOW._replace(scopes=ONLY_FOR_ALL)
"""Of what belongs to nobody: in a narrower scope there would be nothing to follow."""

PERMITS: Mapping[str, Deeds] = {
    "department": Deeds(("部门", "Departments"), read=SEE, write=GOVERN),
    "account": Deeds(("账号", "Accounts"), read=SEE, write=GOVERN),
    "service_account": Deeds(("服务账号", "Service accounts"), read=SEE, write=GOVERN),
    "approval": Deeds(
        ("审批", "Approvals"),
        read=SEE,
        decide=Deed(("同意和驳回", "Approve and reject"), for_people=True),
        administer=Deed(
            ("处理任何人的审批", "Decide for anybody"), ONLY_FOR_ALL, for_people=True, inside=True
        ),
    ),
    "approval_flow": Deeds(("审批流", "Approval flows"), read=SEE, write=GOVERN),
    "definition": Deeds(("字典、编号与参数", "Dictionaries, numbering, parameters"), read=SEE, write=GOVERN),
    "pool": Deeds(("公海池设置", "Pool settings"), read=SEE, write=GOVERN),
    "sign_in": Deeds(("登录日志", "Sign-in log"), read=SEE),
    "signing_key": Deeds(
        ("签名密钥", "Signing keys"),
        rotate=Deed(("轮换和停用", "Rotate and withdraw"), for_people=True),
        read=FOLLOW_ALL,
    ),
    "session": Deeds(("会话", "Sessions"), read=FOLLOW_ALL),
    "access": Deeds(("权限变更", "Changes of access"), read=FOLLOW_ALL),
}
