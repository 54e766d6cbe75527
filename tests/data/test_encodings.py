"""Tables in other encodings than UTF-8 are read as what they say, and it is told."""

import time
from itertools import pairwise

import pytest

from errortool.data import encodings
from errortool.data.tables import parse
from errortool.errors import TableError

S, J, G, B = "Shift-JIS", "EUC-JP", "GB18030", "Big5"
K, C = "EUC-KR", "Windows-1251"

OTHERS = (
    (S, "cp932", "猫 犬"), (S, "cp932", "ネコ イヌ トリ"), (S, "cp932", "ねこ いぬ"),
    (S, "cp932", "良品 不良品"), (S, "cp932", "傷 汚れ 欠け 正常"), (S, "cp932", "表 裏"),
    (S, "cp932", "ポスト ソファー 能力"), (S, "cp932", "自動車 飛行機 自転車 船舶"),
    (S, "cp932", "異常 normal"), (S, "cp932", "陽性 陰性"), (S, "cp932", "桜 梅 薔薇 向日葵"),
    (J, "euc_jp", "猫 犬"), (J, "euc_jp", "ネコ イヌ"), (J, "euc_jp", "りんご みかん"),
    (J, "euc_jp", "良品 不良品"), (J, "euc_jp", "正常 ひび割れ 汚れ"),
    (J, "euc_jp", "自動車 飛行機 自転車"),
    (G, "gb18030", "猫 狗"), (G, "gb18030", "猫 狗 鸟 鱼"), (G, "gb18030", "合格 不合格"),
    (G, "gbk", "正常 异常"), (G, "gbk", "划痕 裂纹 污渍 正常"), (G, "gb18030", "良性 恶性"),
    (G, "gbk", "汽车 飞机 卡车 轮船"), (G, "gbk", "玫瑰 向日葵 郁金香"), (G, "gbk", "鸟 鱼"),
    (G, "gbk", "苹果 香蕉 橙子"), (G, "gbk", "是 否"),
    (G, "gbk", "可回收物 有害垃圾 厨余垃圾 其他垃圾"),
    (B, "big5", "貓 狗"), (B, "big5", "合格 不合格"), (B, "cp950", "正常 異常"),
    (B, "big5", "良性 惡性"), (B, "big5", "汽車 飛機 卡車 輪船"), (B, "big5", "蘋果 香蕉 柳橙"),
    (B, "big5", "功能 許可"), (B, "big5", "鳥 魚 馬"),
    (K, "euc_kr", "고양이 개"), (K, "cp949", "고양이 강아지 새"), (K, "euc_kr", "정상 불량"),
    (K, "cp949", "자동차 비행기 트럭"), (K, "cp949", "양성 음성"),
    (K, "cp949", "사과 바나나 오렌지"), (K, "cp949", "장미 튤립 해바라기"), (K, "cp949", "곰 말"),
    (C, "cp1251", "кот собака"), (C, "cp1251", "да нет"), (C, "cp1251", "Кошка Собака Птица"),
    (C, "cp1251", "НОРМА БРАК"), (C, "cp1251", "годен брак"), (C, "cp1251", "кіт собака їжак"),
    (C, "cp1251", "котка куче"), (C, "cp1251", "ёж щенок"), (C, "cp1251", "мачка пас"),
    (C, "cp1251", "доброкачественная злокачественная"),
    ("Windows-1253", "cp1253", "γάτα σκύλος"), ("Windows-1255", "cp1255", "חתול כלב"),
    ("Windows-1256", "cp1256", "قطة كلب"), ("Windows-874", "cp874", "แมว หมา"),
)  # fmt: skip

WESTERN = (
    ("cp1252", "Käfer Fuchs"), ("cp1252", "Löwe Bär Äpfel Übung Straße"), ("cp1252", "Käfer"),
    ("cp1250", "BŁĄD"), ("cp1254", "kaşığı"),
    ("cp1252", "KÄFER LÖWE ÖL"), ("cp1252", "Öl Äpfel Ähre"), ("cp1252", "ä ö ü"),
    ("cp1252", "chien éléphant zèbre"), ("cp1252", "été créée naïve Noël cœur"),
    ("cp1252", "haïé créée ïé"), ("cp1252", "ïé"), ("cp1252", "éé né"), ("cp1252", "é"),
    ("cp1252", "CRÉÉE ÉTÉ DÉÇU"), ("cp1252", "à é"), ("cp1252", "«chat» «été»"),
    ("cp1252", "niño ñandú águila pájaro"), ("cp1252", "león ratón ¿qué? año"),
    ("cp1252", "cão leão pássaro maçã"), ("cp1252", "ações ÃO não"),
    ("cp1252", "LEÃO MAÇÃ LIÇÕES"), ("cp1252", "räv älg ö åäö"), ("cp1252", "ræv bjørn Ærø ø å"),
    ("cp1252", "þröstur æðarfugl íþrótt"), ("cp1252", "hääyöaie mäyrä Äänekoski"),
    ("cp1252", "coördinatie reëel ideeën"), ("cp1252", "“dog” ‘cat’"),
    ("cp1252", "dog’s chef’s"), ("cp1252", "Paris–Lyon a—b"), ("cp1252", "90° 5µm 3×4 1½"),
    ("cp1252", "5€ £3 ©"), ("cp1252", "wait… “so”…"), ("cp1252", "l’été d’abord “été”"),
    ("cp1252", "• cat • dog"), ("cp1252", "black\u00a0cat dog"), ("cp1252", "Lego™ Coca®"),
    ("cp1250", "łoś żółw pies"), ("cp1250", "żółć gęś święto źrebię"),
    ("cp1250", "ŻÓŁW ŁOŚ KOŃ"), ("cp1250", "kůň žába šílený čáp"), ("cp1250", "őz űr kutyű"),
    ("cp1254", "köpek kuş ağaç"), ("cp1254", "İğne şişe çiçek öğüt"),
    ("cp1254", "AĞAÇ KUŞ İĞDE ŞİŞE"), ("mac_roman", "été Käfer"), ("latin-1", "café naïve"),
)  # fmt: skip


def table(labels: str, separator: str = ",") -> str:
    """Return a table of twelve rows whose labels and predictions are these in turn."""
    names = labels.split(" ")
    rows = [("id", "label", "prediction", "confidence")]
    for number in range(12):
        label = names[number % len(names)]
        prediction = label if number % 3 else names[(number + 1) % len(names)]
        rows.append((f"k{number}", label, prediction, f"0.{number + 50}"))
    return "".join(separator.join(row) + "\n" for row in rows)


def told(data: bytes) -> str:
    """Return what a file was read as, by the warning."""
    warnings: list[str] = []
    encodings.as_utf8(data, "t", warnings)
    (told,) = warnings
    return told.split("it was read as ")[1].split(",")[0]


@pytest.mark.parametrize("separator", [",", "|", "\t"])
@pytest.mark.parametrize(("encoding", "codec", "labels"), OTHERS)
def test_an_encoding_is_found_from_a_few_labels(
    encoding: str, codec: str, labels: str, separator: str
):
    """Two labels are enough; the cells are what they were, and the warning counts the rows."""
    text = table(labels, separator)
    read = parse(text.encode(codec), "t")
    rows = sum(not line.isascii() for line in text.splitlines())
    assert read.warnings[0].endswith(f"it was read as {encoding}, which concerns {rows} rows")
    assert read.faults == ()
    assert read.columns.equals(parse(text.encode(), "t").columns)


@pytest.mark.parametrize("separator", [",", "|", ";"])
@pytest.mark.parametrize(("codec", "labels"), WESTERN)
def test_western_text_is_taken_for_no_other(codec: str, labels: str, separator: str):
    """Accents, also side by side, and quotes, dashes and signs are never letters of Asia."""
    assert told(table(labels, separator).encode(codec)) in {"Windows-1252", "Latin-1"}


@pytest.mark.parametrize("bad", [b"\xe9", b"caf\xe9", b"\xb0\xa1", b"\x83\x65", b"\xe4\xf6\xfc"])
@pytest.mark.parametrize("labels", ["猫 狗", "고양이 개", "ネコ イヌ", "кот собака", "Käfer é"])
def test_utf_8_with_one_row_of_something_else_is_taken_for_no_other(labels: str, bad: bytes):
    """Its bytes could be read in Asian encodings, too."""
    data = table(labels).encode() + b"z," + bad + b",x,0.5\n"
    assert told(data) in {"Windows-1252", "Latin-1"}


def test_the_header_is_row_1_and_cells_of_several_lines_are_in_one_row():
    """Rows are numbered and counted as everywhere."""
    text = 'id,ラベル,prediction\n1,"猫\nが",犬\n2,犬,犬\n'
    (warning,) = parse(text.encode("cp932"), "t").warnings
    assert warning.startswith("is not UTF-8 (first in row 1); it was read as Shift-JIS")
    assert warning.endswith("which concerns 3 rows")
    late = 'id,label,prediction\n1,"a\nb",b\n2,猫,犬\n3,犬,猫\n'
    (warning,) = parse(late.encode("cp932"), "t").warnings
    assert warning.startswith("is not UTF-8 (first in row 3); ")


def test_any_line_end_does():
    """Old line ends are line ends."""
    text = table("猫 狗").replace("\n", "\r")
    (warning,) = parse(text.encode("gbk"), "t").warnings
    assert warning.startswith("is not UTF-8 (first in row 2); it was read as GB18030, which conc")
    assert warning.endswith("12 rows")


def test_a_damaged_file_is_not_read_in_an_encoding_that_it_breaks():
    """What can't be read to its end in an encoding isn't in it."""
    assert told(table("ネコ イヌ").encode("cp932") + b"z,\x83,x,0.5\n") == "Windows-1252"


def test_a_long_line_and_many_rows_take_no_time():
    """A cell of 20 MB, and half a million rows, are guessed from their beginning."""
    start = time.perf_counter()
    assert told(("a,b\n" + "x" * 100_000 + "猫と犬 " * 3_000_000 + ",x\n").encode("cp932")) == S
    assert told(b"a,b\n" + "猫,狗\n".encode("gbk") * 500_000) == G
    assert time.perf_counter() - start < 10


# --- UTF-8 with flaws ----------------------------------------------------------------------------


def in_halves(text: str) -> bytes:
    """Return text as CESU-8: what takes four bytes in UTF-8 takes six."""
    units = text.encode("utf-16-be")
    return b"".join(
        units[start:end].decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")
        for start, end in pairwise(range(0, len(units) + 1, 2))
    )


def test_characters_in_two_halves_are_read_as_one():
    """The rows are named, also behind a cell of two lines; other letters don't count."""
    text = 'id,label\n1,"a\nb"\n2,😀cat\n3,é\n4,🦊\n'
    table = parse(in_halves(text), "t")
    assert table.columns.to_pydict()["label"] == ["a\nb", "😀cat", "é", "🦊"]
    assert table.warnings == (
        "characters in rows 3, 5 are written in two halves (CESU-8, not UTF-8); each was read as "
        "the one that it means",
    )


@pytest.mark.parametrize("half", [b"\xed\xa0\xbd", b"\xed\xb8\x80", b"\xed\xb8\x80\xed\xa0\xbd"])
def test_half_a_character_is_refused(half: bytes):
    """Only the rows with half of one are named, not those with both halves."""
    data = b"a,b\n1," + in_halves("😀") + b"\n2,x" + half + b"\n3,y\n4," + half + b"\n"
    with pytest.raises(TableError, match=r"half a character .* stands in rows 3, 5: write the who"):
        parse(data, "t")


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_files_glued_together_are_told(codec: str):
    """A mark in front of a row is left out, and told; one at the very beginning isn't."""
    for start in ("", "\ufeff", "\ufeff\ufeff"):
        table = parse(f"{start}a,b\n1,x\n\ufeff2,é\n3,y\n".encode(codec), "t")
        assert table.columns.to_pydict() == {"a": ["1", "2", "3"], "b": ["x", "é", "y"]}
        assert table.warnings == (
            "a byte order mark stands in front of row 3, where files were put together; it was "
            "left out",
        )
    (fault,) = parse("\ufeffa,b\n1,x\n\ufeffa,b\n3,y\n".encode(codec), "t").faults
    assert fault == "row 3 repeats the header: leave it out"
