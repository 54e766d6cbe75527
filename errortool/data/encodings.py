"""Tell in which encoding a table is written, and return it as UTF-8.

A file in UTF-8 or UTF-16 says so itself. Of the others nothing is sure: the same bytes are letters
in many encodings. The likeliest is taken and a warning names it; where none is likely enough, it is
Windows-1252, the commonest.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from errortool.data import letters
from errortool.errors import TableError
from errortool.messages import count, rows_text

Cost = Callable[[str], float]
"""What a letter costs in a language: the negative logarithm of how often it is met."""


def as_utf8(data: bytes, name: str, warnings: list[str]) -> bytes:
    """Return `data` as UTF-8 without a byte order mark; warn if the encoding was a guess.

    Raises TableError, with `name` for the file, if it is damaged UTF-16, or UTF-8 that holds half a
    character.
    """
    data = _without_first_marks(data)
    wide = _wide_encoding(data)
    if wide is not None:
        data = _without_first_marks(_decoded(data, wide, name))
        if not wide.endswith(("16", "32")):
            rows = count(len(data.splitlines()) - 1, "row")
            warnings.append(
                f"has no byte order mark; it was read as UTF-16, which concerns all {rows}"
            )
        return _without_marks(data, warnings)
    if data.isascii():
        return data
    try:
        data.decode()
    except UnicodeDecodeError as error:
        joined = _joined(data, name, warnings)
        return _guessed(data, error.start, warnings) if joined is None else joined
    return _without_marks(data, warnings)


def _wide_encoding(data: bytes) -> str | None:
    """Return the encoding if characters take two or four bytes, None for any other."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = [byte == 0 for byte in data[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    if zeros == [True, False, True, False]:
        return "utf-16-be"
    return None


def _decoded(data: bytes, encoding: str, name: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeError:
        raise TableError(name, [f"is damaged {encoding.upper()} text: save it as UTF-8"]) from None


def _numbered(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Return each line with its row's number: a cell of several lines is in one row."""
    lines = data.split(b"\n" if b"\n" in data else b"\r")
    if b'"' not in data:
        yield from enumerate(lines, start=1)
        return
    row, quotes = 1, 0
    for line in lines:
        yield row, line
        quotes += line.count(b'"')
        row += quotes % 2 == 0


def _rows_with(data: bytes, test: Callable[[bytes], object]) -> list[int]:
    """Return the rows with a line that passes `test`."""
    return list(dict.fromkeys(row for row, line in _numbered(data) if test(line)))


# --- UTF-8 with flaws ----------------------------------------------------------------------------


def _without_first_marks(data: bytes) -> bytes:
    while data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
    return data


def _without_marks(data: bytes, warnings: list[str]) -> bytes:
    """Leave out byte order marks at the beginning of rows: files were put together there."""
    inside = re.compile(b"(?<=[\r\n])" + codecs.BOM_UTF8)
    if codecs.BOM_UTF8 not in data or not inside.search(data):
        return data
    rows = _rows_with(data, lambda line: line.startswith(codecs.BOM_UTF8))
    warnings.append(
        f"a byte order mark stands in front of {rows_text(rows)}, where files were put together; "
        "it was left out"
    )
    return inside.sub(b"", data)


def _joined(data: bytes, name: str, warnings: list[str]) -> bytes | None:
    """Return UTF-8 whose only flaw are characters in two halves (CESU-8), None for anything else.

    Raises TableError if half of one stands alone: the character can't be recovered.
    """
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    if alone := _rows_with(data, lambda line: _whole(line) is None):
        fault = (
            f"half a character (a lone surrogate) stands in {rows_text(alone)}: write the whole "
            "character, or leave it out"
        )
        raise TableError(name, [fault])
    rows = _rows_with(data, re.compile(rb"\xed[\xa0-\xbf]").search)
    warnings.append(
        f"characters in {rows_text(rows)} are written in two halves (CESU-8, not UTF-8); each was "
        "read as the one that it means"
    )
    return _whole(data)


def _whole(data: bytes) -> bytes | None:
    """Return UTF-8 with its halves of characters joined, None if one stands alone."""
    units = data.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    try:
        return units.decode("utf-16-le").encode()
    except UnicodeDecodeError:
        return None


# --- another encoding than UTF-8 -----------------------------------------------------------------

_MOST_ROWS: Final = 20_000  # the first ones tell as much as all
_MOST_WORDS: Final = 1_000
_LONGEST_LINE: Final = 1 << 16
_WORD: Final = re.compile(rb"[0-9@-~]?(?:[\x80-\xff]+[0-9@-~]?)+")

_MARGIN: Final = 5.0
"""By so much an encoding must be likelier than Windows-1252 to be taken for it."""


def _guessed(data: bytes, first: int, warnings: list[str]) -> bytes:
    """Return text in another encoding as UTF-8; its byte at `first` is none of UTF-8."""
    rows: set[int] = set()
    words: dict[bytes, None] = {}
    first_row = end = 0
    for row, line in _numbered(data):
        end += len(line) + 1
        if not first_row and first < end:
            first_row = row
        if not line.isascii():
            rows.add(row)
            if len(rows) < _MOST_ROWS and len(words) < _MOST_WORDS:
                words.update(dict.fromkeys(_words(line)))
    text, encoding = _read(data, list(words)[:_MOST_WORDS])
    warnings.append(
        f"is not UTF-8 (first in row {first_row}); it was read as {encoding}, "
        f"which concerns {count(len(rows), 'row')}"
    )
    return text.encode()


def _words(line: bytes) -> list[bytes]:
    """Return what is not ASCII in a line, each with the letters of ASCII beside it.

    In some encodings the second half of a character is a letter, digit or sign of ASCII.
    """
    if len(line) <= _LONGEST_LINE:
        return _WORD.findall(line)
    first = re.search(rb".?[\x80-\xff]", line, re.DOTALL)
    start = first.start() if first else 0
    return _WORD.findall(line[start : start + _LONGEST_LINE])[:-1]  # the last may be cut


def _read(data: bytes, words: Sequence[bytes]) -> tuple[str, str]:
    """Return the text, and the name of the encoding in which these `words` are likeliest."""
    most = sum(map(_western_cost, words)) - _MARGIN
    costs = {name: _cost_in(name, words) for name in _ENCODINGS}
    for name in sorted(costs, key=lambda name: costs[name]):
        if costs[name] > most:
            break
        try:
            return data.decode(_ENCODINGS[name][0]), name
        except UnicodeDecodeError:
            continue
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


# --- what words cost -----------------------------------------------------------------------------

_ASCII: Final = 3.0
_GLUED: Final = 6.5  # to a letter of ASCII
_ALONE: Final = 3.0  # accented letters that make a word of their own
_MARK: Final = 6.0
_ODD: Final = 14.0
_MARKS: Final = frozenset("‘’“”–—…°²³µ«»½×±©®™€£¿¡·•№\u00a0")
_ACCENTED: Final = frozenset("éèêëàâäáãåçñöóôõøüúùûíìîïßæœÉÈÀÄÖÜÅØÑÇÁÍÓÚ")
_ALPHABETIC: Final = re.compile("[\u0370-\u0eff]+")
_SHORT: Final = (0.0, 4.0, 3.0)  # words of one or two letters are rare where letters are sounds


def _western_cost(word: bytes) -> float:
    """Return what a word costs as Windows-1252, or as UTF-8 in a file that is a mixture."""
    cost = _accented_cost(word.decode("cp1252", "replace"))
    try:
        text = word.decode()
    except UnicodeDecodeError:
        return cost
    mixed = sum(_ASCII if letter.isascii() else 4.5 for letter in text)
    return min(cost, mixed + _ALONE * (not _has_ascii_letter(text)))


def _has_ascii_letter(text: str) -> bool:
    return re.search("[A-Za-z]", text) is not None


def _accented_cost(text: str) -> float:
    """Return what a word costs in the Latin alphabet: its accents stand among other letters."""
    total = 0.0
    accents = run = 0
    for before, letter, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if letter.isascii():
            total += _ASCII
            run = 0
        elif letter in _MARKS:
            total += _MARK
        else:
            total += _accent(letter, before, after) + (_ALONE if run else 0.0)
            run += 1
            accents += letter.isalpha()
    alone = accents > 1 and not _has_ascii_letter(text)
    return total + _ALONE * alone


def _accent(letter: str, before: str, after: str) -> float:
    if letter in _ACCENTED:
        return 3.5
    if letter.isalpha() and letter not in "ƒªº":
        return 5.0
    # In Polish, Czech or Turkish it is a letter.
    glued = "\xa0" <= letter <= "\xff" and _has_ascii_letter(before + after)
    return 7.0 if glued else 10.0


def _cost_in(encoding: str, words: Sequence[bytes]) -> float:
    """Return what words cost in another encoding, without bound if they can't be written in it."""
    codec, cost, prior = _ENCODINGS[encoding]
    try:
        texts = [word.decode(codec) for word in words]
    except UnicodeDecodeError:
        return float("inf")
    return prior + sum(_word_cost(text, cost) for text in texts)


def _word_cost(text: str, cost: Cost) -> float:
    total = 0.0
    for before, letter in zip(" " + text, text, strict=False):
        total += _ASCII if letter.isascii() else cost(letter)
        if not (before.isalpha() and letter.isalpha()):
            continue
        if before.isascii() != letter.isascii():
            total += _GLUED
        if letter.isupper():
            total += 3.5 if before.islower() else 1.0
    runs = _ALPHABETIC.findall(text)
    return total + sum(_SHORT[len(run)] for run in runs if len(run) < len(_SHORT))


def _alphabet(frequent: str) -> Cost:
    """Return what letters cost in a language of few letters, given the most frequent first."""
    costs = {letter: 2.4 + 0.09 * place for place, letter in enumerate(frequent)}

    def cost(letter: str) -> float:
        return costs.get(letter.lower(), _MARK if letter in _MARKS else 9.0)

    return cost


def _characters(
    costs: Mapping[str, float], codec: str, common: range, others: tuple[float, float]
) -> Cost:
    """Return what characters cost in a language of thousands.

    Of those that aren't in `costs`, it depends on the first byte in the national standard: `common`
    ones, and rare ones.
    """

    def cost(character: str) -> float:
        if character in costs:
            return costs[character]
        if "\u3000" <= character <= "\u303f" or "\uff01" <= character <= "\uff5e":
            return 11.0  # wide marks and letters
        if not "\u4e00" <= character <= "\ud7a3":
            return _ODD
        try:
            first = character.encode(codec)[0]
        except UnicodeEncodeError:
            return _ODD
        return others[first not in common]

    return cost


def _tiers(frequent: str, *costs: float) -> dict[str, float]:
    """Return what frequent characters cost: the first two hundred, the next, and all others."""
    return {letter: costs[min(place // 200, 2)] for place, letter in enumerate(frequent)}


_KANA: Final = {chr(code): 5.6 for code in (*range(0x3041, 0x3094), *range(0x30A1, 0x30FD))}
_HALF_KANA: Final = {chr(code): 9.0 for code in range(0xFF61, 0xFFA0)}
_JAPANESE: Final = _characters(
    {**_KANA, **_HALF_KANA, **_tiers(letters.KANJI, 7.0, 7.8, 8.6)},
    "euc_jp",
    range(0xB0, 0xD0),
    (10.0, 13.0),
)
_SIMPLIFIED: Final = _characters(
    _tiers(letters.SIMPLIFIED, 6.2, 7.0, 7.8), "gb2312", range(0xB0, 0xD8), (9.4, 12.0)
)
_TRADITIONAL: Final = _characters(
    _tiers(letters.TRADITIONAL, 6.2, 7.0, 7.8), "big5", range(0xA4, 0xC7), (9.8, 12.5)
)
_KOREAN: Final = _characters(
    _tiers(letters.HANGUL, 5.6, 7.1, 8.7), "euc_kr", range(0xB0, 0xC9), (11.5, 13.0)
)

# Python's codec, the language's letters, and by how much it is rarer than the others.
_ENCODINGS: Final[Mapping[str, tuple[str, Cost, float]]] = {
    "Shift-JIS": ("cp932", _JAPANESE, 0.0),
    "EUC-JP": ("euc_jp", _JAPANESE, 1.0),
    "GB18030": ("gb18030", _SIMPLIFIED, 0.0),
    "Big5": ("cp950", _TRADITIONAL, 0.0),
    "EUC-KR": ("cp949", _KOREAN, 0.0),
    "Windows-1251": ("cp1251", _alphabet(letters.CYRILLIC), 0.0),
    "Windows-1253": ("cp1253", _alphabet(letters.GREEK), 3.0),
    "Windows-1255": ("cp1255", _alphabet(letters.HEBREW), 3.0),
    "Windows-1256": ("cp1256", _alphabet(letters.ARABIC), 3.0),
    "Windows-874": ("cp874", _alphabet(letters.THAI), 3.0),
}
