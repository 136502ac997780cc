"""How many SMS parts a text takes, counted in UTF-16 units (3GPP TS 23.040; a rare character or emoji takes two units).

One character outside GSM 03.38 turns the whole text to UCS-2: 70 units in one part, 67 in each when several. A surrogate
pair is never split across parts.
"""

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = set("^{}\\[~]|€")


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def count(text: str) -> int:
    """Parts this text takes; an empty text takes one."""
    if all(c in _GSM or c in _GSM_TWO for c in text):
        length = len(text) + sum(1 for c in text if c in _GSM_TWO)
        return 1 if length <= 160 else _parts([2 if c in _GSM_TWO else 1 for c in text], 153)
    return 1 if units(text) <= 70 else _parts([2 if ord(c) > 0xFFFF else 1 for c in text], 67)


def _parts(widths: list[int], room: int) -> int:
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
