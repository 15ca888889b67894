"""The settings of webhooks, from the environment or a file of that name."""

from servicekit.base.settings import Settings


class WebhookSettings(Settings):
    """How patiently webhooks are sent, and where they may go."""

    identity_webhook_allow_private: bool = False
    """Whether webhooks may go to private addresses: for tests and for platforms that serve an intranet."""

    identity_webhook_delays: tuple[float, ...] = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    """Seconds between an attempt and the next; the last one again and again until the message is given up."""

    identity_webhook_give_up_hours: float = 72
    """Hours after which a message that was never taken is given up."""

    identity_webhook_pause_hours: float = 72
    """Hours without a single success after which a subscription is paused."""

    identity_webhook_timeout: float = 10
    """Seconds a receiver has for each attempt."""

    identity_webhook_at_once: int = 8
    """Attempts at the same time, in all processes together."""

    identity_webhook_at_once_each: int = 4
    """Of these, those of one subscription; while it fails, it has only one."""
