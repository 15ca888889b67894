"""Where somebody is signed in, as they see it themselves."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.signin.sessions import SignInSession
from servicekit import Caller, utcnow
from servicekit.base.fields import Flag, Id, List, Nested, Schema, Text, Timestamp

MOST = 100


class OwnSessionSchema(Schema):
    """One place where somebody is signed in."""

    id = Id(dump_only=True)
    current = Flag(label=("当前会话", "This one"), dump_only=True)
    client_address = Text(
        label=("客户端地址", "Client address"), dump_only=True, metadata={"example": "203.0.113.7"}
    )
    user_agent = Text(label=("浏览器", "Browser"), dump_only=True, metadata={"example": "Mozilla/5.0"})
    created_at = Timestamp(label=("登录时间", "Signed in"), dump_only=True)
    last_seen_at = Timestamp(label=("最近使用时间", "Last used"), dump_only=True)
    expires_at = Timestamp(label=("到期时间", "Expires"), dump_only=True)


class OwnSessionsSchema(Schema):
    """Where somebody is signed in."""

    items = List(Nested(OwnSessionSchema()), dump_only=True)


def sessions_of(session: Session, caller: Caller) -> list[dict[str, object]]:
    """Return the caller's sessions that have not ended, the last used first, and which of them asks."""
    alive = select(SignInSession).where(
        SignInSession.account_id == caller.account_id,
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > utcnow(),
    )
    found = session.scalars(alive.order_by(SignInSession.last_seen_at.desc(), SignInSession.id).limit(MOST))
    shown = ("id", "client_address", "user_agent", "created_at", "last_seen_at", "expires_at")
    return [
        {**{name: getattr(each, name) for name in shown}, "current": each.id == caller.session_id}
        for each in found
    ]
