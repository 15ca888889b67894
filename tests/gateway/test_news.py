"""What a request that waits has heard of: nothing it has not seen is forgotten."""

import asyncio

from gateway.news import Listener, News


def news_of(listener: Listener) -> list[str]:
    return asyncio.run(listener.news(0.01))


def test_a_service_is_news_until_it_has_been_read_as_far_as_was_heard() -> None:
    listener = Listener([])
    listener.hear("sales", "lead.created", 7)
    listener.hear("sales", "lead.created", 5)
    listener.seen("sales", 6)
    assert news_of(listener) == ["sales"]
    listener.seen("sales", 7)
    assert news_of(listener) == []


def test_only_wanted_types_are_heard() -> None:
    listener = Listener(["lead.*", "contract.signed"])
    listener.hear("sales", "leader.elected", 1)
    listener.hear("contract", "contract.signed_off", 1)
    assert news_of(listener) == []
    listener.hear("sales", "lead.created", 2)
    assert news_of(listener) == ["sales"]


def test_an_answer_to_an_earlier_question_does_not_settle_a_doubt() -> None:
    news = News(["echo", "sales"])
    with news.listening([]) as listener:
        listener.asking(["echo", "sales"])
        news.on_event("sales", "lead.created", None)
        listener.seen("sales", 0)
        assert news_of(listener) == ["sales"]
        listener.asking(["sales"])
        assert news_of(listener) == []


def test_after_the_connection_was_away_every_service_is_in_doubt() -> None:
    news = News(["echo", "sales"])
    with news.listening(["lead.*"]) as listener:
        news.on_connected()
        assert news_of(listener) == ["echo", "sales"]


def test_who_begins_to_listen_when_the_worker_stops_does_not_wait() -> None:
    news = News([])
    news.dismiss()
    with news.listening([]) as listener:
        assert listener.dismissed
        assert asyncio.run(asyncio.wait_for(listener.news(60), 30)) == []


def test_a_star_stands_for_any_characters_and_for_none() -> None:
    fits = {
        "*": ["lead.created", ""],
        "lead.*": ["lead.created", "lead."],
        "*.settled": ["receivable.settled"],
        "*a*b*": ["ab", "xaxbx", "aab"],
        "a*a": ["aa", "aba"],
        "lead.created": ["lead.created"],
    }
    for pattern, types in fits.items():
        listener = Listener([pattern])
        for sequence, event_type in enumerate(types, 1):
            listener.hear(event_type or "-", event_type, sequence)
        assert len(news_of(listener)) == len(types), pattern
    for pattern, event_type in [("a*a", "a"), ("*a*b*", "ba"), ("a.b", "aXb"), ("lead.*", "leader.elected")]:
        listener = Listener([pattern])
        listener.hear("sales", event_type, 1)
        assert news_of(listener) == [], pattern


def test_a_type_of_nothing_but_stars_costs_no_more_than_another() -> None:
    """(M-1) As a regular expression these stars would take longer than anybody lives."""
    listener = Listener(["*" * 60 + "b"])
    listener.hear("sales", "a" * 60, 1)
    assert news_of(listener) == []
