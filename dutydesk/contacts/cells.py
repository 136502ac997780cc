"""What one cell may say: reads a text into a value or says in Chinese what is wrong and how to mend it.

Knows values only, never rows or files. Writing a value and reading it again gives the same value.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import phonenumbers

YEARS = range(1900, 2200)  # what a table or calendar may mean; beyond, a slip of the pen
LONGEST = 200  # characters of a name or an address
SEPARATORS = re.compile("[、;\uff1b,\uff0c/\n]")
# OWASP "CSV Injection": the signs that make a spreadsheet run a cell, with their full-width forms.
FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
_ESCAPED = re.compile(f"'+[{re.escape(FORMULA)}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
_DUTY = re.compile(r"1[1-4](?:[A-Z](?:\d\d)?)?")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d+)")


class Wrong(ValueError):
    """A cell cannot be taken as it stands; `kept` is the part of it that can."""

    def __init__(self, message: str, kept: object = None) -> None:
        super().__init__(message)
        self.kept = kept


def text(raw: str) -> str:
    """One line of text, runs of blanks made one; what a spreadsheet would run as a formula is refused."""
    return _unescaped(_line(raw))


def _line(raw: str) -> str:
    if _CONTROL.search(raw):
        raise Wrong("含有看不见的控制字符,请删掉后重新输入")
    line = " ".join(_INVISIBLE.sub("", raw).split())
    if len(line) > LONGEST:
        raise Wrong(f"有 {len(line)} 个字,最多 {LONGEST} 个,请缩短")
    return line


def _unescaped(line: str) -> str:
    if line[:1] and line[0] in FORMULA:
        raise Wrong(f"「{line[:20]}」以「{line[0]}」开头,会被表格软件当作公式执行,请去掉这个符号或粘贴为文字")
    return line[1:] if _ESCAPED.match(line) else line


def show(value: object) -> str:
    """A value as a cell: lists joined by 、, and a leading formula sign made harmless with an apostrophe."""
    line = "、".join(str(item) for item in value) if isinstance(value, tuple) else str(value or "")
    return f"'{line}" if _ESCAPED.match(line) or (line[:1] and line[0] in FORMULA) else line


def several(raw: str, read: Callable[[str], str]) -> tuple[str, ...]:
    """A list cell, split at 、 ; , or /; every wrong item is named, the right ones are kept."""
    kept: list[str] = []
    wrong: list[str] = []
    for item in filter(str.strip, SEPARATORS.split(raw)):
        try:
            kept.append(read(item))
        except Wrong as error:
            wrong.append(str(error))
    found = tuple(dict.fromkeys(kept))
    if wrong:
        raise Wrong(";".join(wrong), found)
    return found


def words(raw: str) -> tuple[str, ...]:
    """A list of names."""
    return several(_unescaped(_INVISIBLE.sub("", raw).strip()), _line)


def phone(raw: str) -> str:
    """A number that can be dialled, E.164. Mainland numbers may lack +86; full-width digits and blanks are mended."""
    digits = _digits(raw)
    try:
        number = phonenumbers.parse(digits if digits.startswith("+") else _with_country(digits), None)
    except phonenumbers.NumberParseException:
        raise Wrong(_not_diallable(raw)) from None
    hint = _mainland(str(number.national_number)) if number.country_code == 86 else None
    if (
        hint is not None
        or phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE
    ):
        raise Wrong(_not_diallable(raw, hint or ""))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _with_country(digits: str) -> str:
    """Read as dialled inside China; with +86, because without it the library takes 12000 for a carrier's prefix."""
    return f"+{digits}" if re.fullmatch(r"86\d{10,11}", digits) else f"+86{digits.removeprefix('0')}"


def _digits(raw: str) -> str:
    plain = re.sub(r"[\s\-‐-―()·']", "", _INVISIBLE.sub("", unicodedata.normalize("NFKC", raw)))
    plain = re.sub(r"\.0+$", "", plain)
    if found := _SCIENTIFIC.fullmatch(plain):
        plain = _unrounded(raw, found)
    plain = "+" + plain[2:] if plain.startswith("00") else plain
    if not re.fullmatch(r"\+?\d+", plain):
        extension = "转" in plain or "ext" in plain.lower() or "#" in plain
        raise Wrong(_not_diallable(raw, "带分机,系统拨不通分机" if extension else "夹有不是号码的字"))
    return plain


def _unrounded(raw: str, found: re.Match[str]) -> str:
    whole, fraction, exponent = found[1], found[2] or "", int(found[3])
    if len(fraction) < exponent:
        raise Wrong(
            f"「{raw.strip()}」是表格软件改成的科学计数,末尾几位已经丢了,请把该列设为文本格式后重新填写完整号码"
        )
    return (whole + fraction)[: exponent + 1]


def _mainland(national: str) -> str | None:
    """Chinese numbering plan: mobiles 11 digits, 010 and 02x with 8, other area codes with 7 or 8, 400/800 ten."""
    size = len(national)
    if national.startswith("1") and not national.startswith("10"):
        lengths: tuple[int, ...] = (11,)
    elif national.startswith(("10", "2", "400", "800")):
        lengths = (10,)
    else:
        lengths = (10, 11)
    if size in lengths:
        return None
    if size <= 6:
        return "是短号"
    if size in (7, 8) and national[0] in "2345678":
        return "缺区号?"
    return f"少{lengths[0] - size}位?" if size < lengths[0] else f"多{size - lengths[-1]}位?"


def _not_diallable(raw: str, hint: str = "") -> str:
    return f"「{raw.strip()}」不是一个可拨打的号码{f'({hint})' if hint else ''},请写成 +86 开头的完整号码"


def phones(raw: str) -> tuple[str, ...]:
    """A list of numbers, the mobile first."""
    return several(raw, phone)


def show_phones(value: object) -> str:
    """Numbers with blanks inside: a spreadsheet turns a bare +8613800138000 into 8.61E+12 and loses digits."""
    return "、".join(_spaced(item) for item in (value if isinstance(value, tuple) else (value,)) if item)


def _spaced(number: object) -> str:
    found = re.fullmatch(r"\+86(\d{3})(\d{4})(\d{4})", str(number))
    if found:
        return f"+86 {found[1]} {found[2]} {found[3]}"
    parsed = phonenumbers.parse(str(number), None)
    return f"+{parsed.country_code} {phonenumbers.national_significant_number(parsed)}"


def email(raw: str) -> str:
    """An e-mail address by shape; whether it answers is not known here."""
    plain = text(unicodedata.normalize("NFKC", raw))
    if len(plain) > 254 or not _EMAIL.fullmatch(plain):
        raise Wrong(f"「{plain[:60]}」不是一个邮箱地址,请写成 name@example.cn 的样子")
    return plain


def iso_date(raw: str) -> str:
    """A date as 2026-01-05; what Excel makes of it on saving (2026/1/5) is understood too."""
    plain = text(raw)
    found = _DATE.fullmatch(plain)
    if not found or int(found[1]) not in YEARS:
        return _no_date(plain)
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        return _no_date(plain)


def _no_date(plain: str) -> str:
    raise Wrong(f"「{plain[:30]}」不是一个日期,请写成 2026-01-05 的样子") from None


def role(raw: str) -> str:
    """A, B or C; A角, a and the full-width letter are understood."""
    plain = unicodedata.normalize("NFKC", text(raw)).upper().removesuffix("角").strip()
    plain = {"主": "A", "正": "A", "副": "B", "备": "B"}.get(plain, plain)
    if plain not in ("A", "B", "C"):
        raise Wrong(f"「{plain[:20]}」不是 A、B 或 C,请写 A(主)、B(副)或 C(备)")
    return plain


def key(raw: str) -> str:
    """A code or an id: letters, digits and hyphens."""
    plain = re.sub(r"(?<=\d)\.0$", "", unicodedata.normalize("NFKC", text(raw)))
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_-]{0,39}", plain):
        raise Wrong(f"「{plain[:40]}」不能作代码,请只用字母、数字和 -,最多 40 个")
    return plain


def unit_code(raw: str) -> str:
    """A unit's key: its division code, or D-… (department), E-… (enterprise), U-… (duty desk)."""
    plain = key(raw)
    if not re.fullmatch(r"\d{6}|\d{9}|[DEU]-[0-9A-Za-z_-]+", plain):
        raise Wrong(f"「{plain}」不是单位代码,区市和镇街请用 6 位或 9 位区划代码,其他用 D-、E- 或 U- 开头的代码")
    return plain


def division(raw: str) -> str:
    """GB/T 2260 (6 digits) or GB/T 10114 (9 digits); whether it exists is checked over the whole directory."""
    plain = key(raw)
    if not re.fullmatch(r"\d{6}|\d{9}", plain):
        raise Wrong(f"「{plain}」不是区划代码,请写 6 位(区市)或 9 位(镇街)数字")
    return plain


def duties(raw: str) -> tuple[str, ...]:
    """GB/T 35561 prefixes: 12, 12D or 12D01."""
    return several(raw, _duty)


def _duty(raw: str) -> str:
    plain = unicodedata.normalize("NFKC", text(raw)).upper()
    if not _DUTY.fullmatch(plain):
        raise Wrong(f"「{plain[:20]}」不是 GB/T 35561 事件代码,请写 12、12D 或 12D01 的样子")
    return plain


def one_of(names: dict[str, str]) -> tuple[Callable[[str], str], Callable[[object], str]]:
    """Reads and writes a value out of a fixed list: Chinese word in the file, English word in the program."""
    known = {**{word: value for value, word in names.items()}, **{value: value for value in names}}

    def read(raw: str) -> str:
        plain = text(raw)
        if plain.lower() not in known:
            raise Wrong(f"「{plain[:20]}」不认识,请写{'、'.join(names.values())}之一")
        return known[plain.lower()]

    return read, lambda value: names.get(str(value), "")
