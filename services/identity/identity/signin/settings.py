"""The settings of sessions, from the environment or a file of that name."""

from servicekit.base.settings import Settings


class SignInSettings(Settings):
    """How long somebody stays signed in."""

    kehu_issuer: str = "http://127.0.0.1:8080"
    """Who issues access tokens: the address of the API as its clients know it (RFC 9068, RFC 8414)."""
    identity_session_days: int = 90
    """Days after which a session ends, however much it is used; its owner then signs in again."""
