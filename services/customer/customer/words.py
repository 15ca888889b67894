"""The words of pypinyin's dictionary and how they are read, told by a process that ends when it has told them.

In pypinyin's own form, with tones, they take 45 MB of a process for as long as it lives. The other process takes 0.4 s;
the service has it begin when it starts, so that only who asks for the words before that is kept waiting.
"""

import os
import subprocess
import sys
import threading
from functools import cache
from tempfile import TemporaryFile
from typing import IO

import orjson

Words = dict[str, list[str] | None]
"""Each word with the reading of its characters; None where each is read as it is by itself."""


_LISTENING = threading.Lock()


@cache
def begin() -> tuple["subprocess.Popen[bytes]", IO[bytes]]:
    """Have the words told; return who tells them, and the file they are told into."""
    # Into a file, as a pipe holds 64 KB and the process would wait for a reader.
    told = TemporaryFile()  # noqa: SIM115 - closed when it has been read.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYPINYIN")}
    return subprocess.Popen([sys.executable, __file__], env=environment, stdout=told), told


def words() -> Words:
    """Return the words, as soon as they have been told; who asks meanwhile waits for the same telling."""
    with _LISTENING:
        return _heard()


@cache
def _heard() -> Words:
    teller, told = begin()
    with told:
        try:
            teller.wait(timeout=60)
            told.seek(0)
            plain, read = orjson.loads(told.read())
        except (subprocess.TimeoutExpired, ValueError) as error:
            teller.kill()
            begin.cache_clear()  # Whoever asks next has them told once more.
            raise RuntimeError("the process that tells the words has not told them") from error
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
