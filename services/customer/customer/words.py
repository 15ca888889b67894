"""The words of pypinyin's dictionary and how they are read, told by a process that ends when it has told them.

In pypinyin's own form, with tones, they take 45 MB of a process for as long as it lives. The other process takes 0.4 s;
the service waits for it before it takes requests, which would otherwise wait in the midst of a transaction.
"""

import os
import subprocess
import sys
from functools import cache

import orjson

Words = dict[str, list[str] | None]
"""Each word with the reading of its characters; None where each is read as it is by itself."""


@cache
def words() -> Words:
    """Return the words.

    Raises:
        subprocess.SubprocessError: if the process that tells them has not told them within a minute.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYPINYIN")}
    telling = [sys.executable, __file__]
    told = subprocess.run(telling, env=environment, stdout=subprocess.PIPE, check=True, timeout=60)
    plain, read = orjson.loads(told.stdout)
    known: Words = dict.fromkeys(plain.split())
    known.update(read)
    return known


@cache
def longest_word() -> int:
    """Return the number of characters of the longest word."""
    return max(map(len, words()))


def _tell() -> None:
    from pypinyin import Style, lazy_pinyin
    from pypinyin.constants import PHRASES_DICT
    from pypinyin.style import convert

    @cache
    def toneless(syllable: str) -> str:
        return convert(syllable, Style.NORMAL, True, "")

    @cache
    def alone(character: str) -> str:
        return lazy_pinyin(character)[0]

    plain, read = [], {}
    for word, syllables in PHRASES_DICT.items():
        reading = [toneless(syllable[0]) for syllable in syllables]
        if reading == [alone(character) for character in word]:
            plain.append(word)
        else:
            read[word] = reading
    sys.stdout.buffer.write(orjson.dumps([" ".join(plain), read]))


if __name__ == "__main__":
    _tell()
