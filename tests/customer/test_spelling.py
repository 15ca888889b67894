"""How names are compared and spelled."""

import os
import subprocess
import sys
from itertools import pairwise

import orjson
import pytest
from marshmallow import ValidationError

from customer import words as words_module
from customer.spelling import LONGEST_PINYIN, spellings, syllables
from customer.words import words
from servicekit.base.texts import LONGEST_KEY, name_key
from servicekit.base.web_fields import Website
from servicekit.testing import RunningService


@pytest.mark.parametrize(
    "name",
    [
        "ＡＢＣ（中国）有限公司",
        "abc(中国)有限公司",
        "  Abc(中国)有限公司 ",
        "ＡＢＣ(中国)有限公司\u3000",
        "ABC(中国) 有限\u200b公司",
    ],
)
def test_names_that_only_look_different_are_the_same(name: str) -> None:
    """SA-19."""
    assert name_key(name) == "abc(中国)有限公司"


def test_different_names_stay_different() -> None:
    assert name_key("上海云图科技") != name_key("上海云图科技二")
    assert name_key("Acme Trading") != name_key("Acmetrading")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("上海云图", "shanghaiyuntu shyt"),
        ("重庆长安银行", "chongqingchanganyinhang cqcayh"),
        ("IBM（中国）", "ibmzhongguo ibmzg"),
        ("Acme Trading Ltd.", "acmetradingltd atl"),
        ("吕布", "lvbu lb"),
        ("！？…", ""),
    ],
)
def test_a_name_is_spelled_in_full_and_by_initials(name: str, expected: str) -> None:
    assert spellings(name, person=False) == expected


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("曾国藩", {"cengguofan", "zengguofan", "zgf", "cgf"}),
        ("单田芳", {"dantianfang", "shantianfang", "stf", "dtf"}),
        ("查良镛", {"chaliangyong", "zhaliangyong"}),
        ("解晓东", {"jiexiaodong", "xiexiaodong"}),
        ("仇英", {"chouying", "qiuying"}),
        ("朴树", {"pushu", "piaoshu"}),
        ("尉迟恭", {"yuchigong"}),
        ("万俟卨", {"moqixie"}),
    ],
)
def test_a_person_is_found_by_the_family_name_s_own_reading_and_by_the_usual_one(
    name: str, readings: set[str]
) -> None:
    assert readings <= set(spellings(name, person=True).split())


def test_a_company_that_begins_with_such_a_character_has_one_reading() -> None:
    assert "zeng" not in spellings("曾经沧海", person=False)


def test_words_are_read_as_the_dictionary_reads_them_with_all_it_knows() -> None:
    """Whose own process holds the words as pypinyin does; ours leaves out what follows from the characters."""
    known = [word for word in words() if word.isalpha()]
    # Each word beside the next one: where one ends and the other begins must be seen alike.
    texts = ["".join(pair) for pair in pairwise(known[::7])] + [
        "重庆成长空间",
        "朝阳花",
        "大道行单行道",
        "㐀𠀀龘",
    ]
    ask = "import sys, orjson, pypinyin; read = map(pypinyin.lazy_pinyin, orjson.loads(sys.stdin.buffer.read()))"
    tell = f"{ask}; sys.stdout.buffer.write(orjson.dumps(list(read)))"
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYPINYIN")}
    done = subprocess.run(
        [sys.executable, "-c", tell], input=orjson.dumps(texts), stdout=subprocess.PIPE, check=True, env=plain
    )
    assert [syllables(text) for text in texts] == orjson.loads(done.stdout)


def test_what_is_indexed_stays_short_enough_whatever_is_typed() -> None:
    long = "\ufdfa" * 200
    assert len(name_key(long)) == LONGEST_KEY
    assert len(spellings("装" * 200, person=True)) <= LONGEST_PINYIN


def test_a_website_may_be_given_without_its_scheme() -> None:
    assert Website().deserialize("www.example.com/a?b=1") == "https://www.example.com/a?b=1"
    assert Website().deserialize("http://云图.中国:8080") == "http://云图.中国:8080"


@pytest.mark.parametrize(
    "written", ["javascript:alert(1)", "ftp://example.com", "example", "http://", "a b.com"]
)
def test_what_is_no_website_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        Website().deserialize(written)


def test_to_import_the_words_starts_no_process() -> None:
    """What only reads declarations, a contract file for one, needs none of them (M-28)."""
    watched = (
        "import os, sys; sys.addaudithook(lambda event, _: event == 'subprocess.Popen' and os._exit(3));"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{watched} import customer.service"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.returncode == 0


def test_whoever_takes_requests_has_the_words(service: RunningService) -> None:
    """(R28) Under load the first requests waited for them, and one that was cut off spoiled it for all."""
    assert words.cache_info().currsize == 1
    words.cache_clear()
    service.stop()
    service.start()
    assert words.cache_info().currsize == 1


def test_words_that_could_not_be_told_are_told_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    words.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(words_module, "__file__", "/nowhere/words.py")
        with pytest.raises(subprocess.CalledProcessError):
            words()
    assert words()
