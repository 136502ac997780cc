"""How many SMS parts a text takes: GSM 03.38 seven-bit when every character fits, otherwise UCS-2 counted in UTF-16
units.

Source: 3GPP TS 23.038 §6.2.1 for the alphabet, TS 23.040 §9.2.3.24.1 for the six bytes a concatenation header costs.
"""

_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")


def segments(text: str) -> int:
    """The number of parts; an empty text takes one. Surrogate pairs and escaped characters are never split."""
    if all(c in _GSM_BASIC or c in _GSM_EXTENDED for c in text):
        return _parts([2 if c in _GSM_EXTENDED else 1 for c in text], alone=160, joined=153)
    return _parts([2 if ord(c) > 0xFFFF else 1 for c in text], alone=70, joined=67)


def _parts(widths: list[int], *, alone: int, joined: int) -> int:
    if sum(widths) <= alone:
        return 1
    parts, room = 1, joined
    for width in widths:
        if width > room:
            parts, room = parts + 1, joined
        room -= width
    return parts
