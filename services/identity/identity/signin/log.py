"""The sign-in log: every entry and exit of an account, and every refusal (ID-37)."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Mapped, Session, mapped_column

from identity.accounts.model import Refusal
from identity.base import Base
from identity.service_accounts.model import PREFIX, SHOWN
from identity.signin.client import Client
from servicekit import Eager, ForAll, Listing, Search, new_id, utcnow
from servicekit.base.fields import Code, Id, Schema, Text, Timestamp
from servicekit.base.labels import Label
from servicekit.operating.retention import Retention

SIGNED_IN, SIGNED_OUT, REFUSED = "signed_in", "signed_out", "refused"
KEEP_DAYS = 183
"""Half a year: as long as China's Cybersecurity Law (article 21) wants such logs to be kept."""
OUTCOMES = {
    SIGNED_IN: ("登录成功", "Signed in"),
    SIGNED_OUT: ("已退出", "Signed out"),
    REFUSED: ("登录失败", "Refused"),
}
AtTheDoor = Literal[
    "unknown-username",
    "wrong-password",
    "too-many-attempts",
    "unknown-client",
    "wrong-secret",
    "secret-ended",
]
EndedBy = Literal["password-set", "password-changed", "refresh-token-reused"]
"""Why a session was ended by somebody else than its owner, besides what keeps an account from signing in."""
Reason = AtTheDoor | Refusal | EndedBy
REASONS: dict[Reason, Label] = {
    "unknown-username": ("没有这个用户名", "Unknown username"),
    "wrong-password": ("密码错误", "Wrong password"),
    "too-many-attempts": ("尝试过于频繁", "Too many attempts"),
    "left": ("已离职", "Has left"),
    "retired": ("已退休", "Has retired"),
    "locked": ("账号已锁定", "Account locked"),
    "expired": ("账号已过有效期", "Account expired"),
    "unknown-client": ("没有这个服务账号", "Unknown service account"),
    "wrong-secret": ("密钥错误", "Wrong secret"),
    "secret-ended": ("密钥已失效", "Secret ended"),
    "password-set": ("管理员重设了密码", "Password set by an administrator"),
    "password-changed": ("本人修改了密码", "Password changed"),
    "refresh-token-reused": ("刷新令牌被重复使用", "Refresh token used twice"),
}
"""Every reason there is, and what it is called."""


class SignIn(Eager, Base):
    """One line of the log; it is never changed."""

    __tablename__ = "sign_in_log"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    username: Mapped[str]
    """As it was typed, also if nobody has it."""
    account_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    """Why it was refused, which nobody at the door is told; or why the session was ended, if not by its owner."""
    client_address: Mapped[str]
    user_agent: Mapped[str]


RETENTION = Retention(SignIn, SignIn.created_at, keep=timedelta(days=KEEP_DAYS))


class SignInSchema(Schema):
    """One line of the sign-in log."""

    id = Id(dump_only=True)
    username = Text(label=("用户名", "Username"), dump_only=True, metadata={"example": "wang.fang"})
    account_id = Id(label=("账号", "Account"), dump_only=True, allow_none=True)
    session_id = Id(label=("会话", "Session"), reference="", dump_only=True, allow_none=True)
    outcome = Code(OUTCOMES, label=("结果", "Outcome"), dump_only=True)
    reason = Code(
        REASONS, label=("原因", "Reason"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    client_address = Text(
        label=("客户端地址", "Client address"), dump_only=True, metadata={"example": "203.0.113.7"}
    )
    user_agent = Text(label=("浏览器", "Browser"), dump_only=True, metadata={"example": "Mozilla/5.0"})
    created_at = Timestamp(dump_only=True)


SIGN_INS = Listing(
    SignIn,
    SignInSchema,
    ForAll("sign_in.read"),
    filters={
        "account_id": SignIn.account_id,
        "username": Search(SignIn.username),
        "outcome": SignIn.outcome,
        "reason": SignIn.reason,
        "client_address": SignIn.client_address,
    },
    sorts={"created_at": SignIn.created_at},
)


def note(
    session: Session,
    outcome: str,
    username: str,
    client: Client,
    *,
    account_id: UUID | None = None,
    session_id: UUID | None = None,
    reason: Reason | None = None,
) -> None:
    """Write a line into the sign-in log; a program's secret that was sent for its name is not kept."""
    session.add(
        SignIn(
            outcome=outcome,
            username=SHOWN.sub(f"{PREFIX}…", username),
            account_id=account_id,
            session_id=session_id,
            reason=reason,
            client_address=client.address,
            user_agent=client.agent,
        )
    )
