"""The words of pypinyin's dictionary and how they are read, told by a process that ends when it has told them.

In pypinyin's own form, with tones, they take 45 MB of a process for as long as it lives. The other process begins with
this module and takes 0.4 s; who starts is not kept waiting for it, only who first asks for the words.
"""

import os
import subprocess
import sys
from functools import cache
from tempfile import TemporaryFile

import orjson

Words = dict[str, list[str] | None]
"""Each word with the reading of its characters; None where each is read as it is by itself."""


@cache
def words() -> Words:
    """Return the words, as soon as they have been told."""
    if _TELLER.wait(timeout=60) != 0:
        raise RuntimeError(f"the process that tells the words ended with {_TELLER.returncode}")
    _TOLD.seek(0)
    plain, read = orjson.loads(_TOLD.read())
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
else:
    # Into a file, as a pipe holds 64 KB and the process would wait for a reader.
    _TOLD = TemporaryFile()  # noqa: SIM115 - for as long as this process lives.
    _TELLER = subprocess.Popen(
        [sys.executable, __file__],
        env={name: value for name, value in os.environ.items() if not name.startswith("PYPINYIN")},
        stdout=_TOLD,
    )
