"""How names are spelled: the pinyin to find them by."""

import os
import re
from functools import cache

from customer.words import longest_word, words

# The words come without what pypinyin's own take of memory; of characters it knows enough to read each by itself.
os.environ["PYPINYIN_NO_PHRASES"] = os.environ["PYPINYIN_NO_DICT_COPY"] = "1"

from pypinyin import lazy_pinyin

from servicekit.base.texts import CHINESE, HANZI, name_key

LONGEST_PINYIN = 500
"""What is indexed stays well below the 2,704 bytes that a B-tree takes, whatever the characters."""

SURNAMES = {
    "乐": "yue", "仇": "qiu", "会": "gui", "区": "ou", "单": "shan", "卜": "bu", "召": "shao", "员": "yun", "宓": "fu",
    "折": "she", "曾": "zeng", "朴": "piao", "查": "zha", "洗": "xian", "牟": "mu", "盖": "ge", "祭": "zhai",
    "秘": "bi", "种": "chong", "繁": "po", "缪": "miao", "翟": "zhai", "薄": "bo", "覃": "qin", "解": "xie",
    "重": "chong", "隗": "wei", "黑": "he",
}  # fmt: skip
"""Family names that the dictionary of words reads otherwise. Compound ones (尉迟, 万俟) it reads rightly."""

_RUN = re.compile(rf"[{CHINESE}]+|[^\W_{CHINESE}]+")


def spellings(name: str, *, person: bool) -> str:
    """Return a name in pinyin, in full and by initials; a person's with each reading of the family name.

    Example:
        ``上海云图`` becomes ``shanghaiyuntu shyt``, the person ``曾国藩`` ``cengguofan cgf zengguofan zgf``.
    """
    text = name_key(name)
    reading = _read(text)
    readings = [reading]
    surname = SURNAMES.get(text[:1])
    if person and surname is not None and reading[0][0] != surname:
        readings.append([(surname, surname[0]), *reading[1:]])
    spelled = ["".join(parts) for reading in readings if reading for parts in zip(*reading, strict=True)]
    return " ".join(dict.fromkeys(spelled))[:LONGEST_PINYIN]


def _read(text: str) -> list[tuple[str, str]]:
    """Return each part of a text with its initial; what is not Chinese counts as a word, whole beside Chinese."""
    parts: list[tuple[str, str]] = []
    chinese = HANZI.search(text) is not None
    for run in _RUN.findall(text):
        if HANZI.match(run):
            parts += [(syllable, syllable[0]) for syllable in syllables(run)]
        else:
            parts.append((run, run if chinese else run[0]))
    return parts


def syllables(run: str) -> list[str]:
    """Return the reading of Chinese characters: word by word, each as long as the dictionary has one."""
    known, most = words(), longest_word()
    syllables: list[str] = []
    here = 0
    while here < len(run):
        longest = min(most, len(run) - here)
        size = next((size for size in range(longest, 1, -1) if run[here : here + size] in known), 1)
        word = run[here : here + size]
        syllables += known.get(word) or (_alone(character) for character in word)
        here += size
    return syllables


@cache
def _alone(character: str) -> str:
    return str(lazy_pinyin(character)[0])
