"""The settings of sessions, from the environment or a file of that name."""

from servicekit.settings import Settings


class SignInSettings(Settings):
    """How long somebody stays signed in."""

    identity_session_days: int = 90
    """Days after which a session ends, however much it is used; its owner then signs in again."""
