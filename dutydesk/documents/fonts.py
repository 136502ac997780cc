"""Fonts: GB/T 9704 names licensed ones; where a site has not installed them the PDF is set in free ones of the same kind.

A docx always names the standard's fonts. For LibreOffice a fontconfig file of our own says what stands in for them.
"""

import os
import shutil
from pathlib import Path

XIAOBIAOSONG, FANGSONG, KAITI, HEITI, SONGTI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
# font of the standard → what may stand in for it, best first
SUBSTITUTES: dict[str, tuple[str, ...]] = {
    XIAOBIAOSONG: ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "STZhongsong", "华文中宋", "Noto Serif CJK SC"),
    FANGSONG: ("仿宋", "FangSong", "STFangsong", "FangSong_GB2312", "Noto Serif CJK SC", "AR PL UMing CN"),
    KAITI: ("楷体", "KaiTi", "STKaiti", "AR PL UKai CN", "LXGW WenKai", "Noto Serif CJK SC"),
    HEITI: ("SimHei", "STHeiti", "Noto Sans CJK SC", "WenQuanYi Zen Hei"),
    SONGTI: ("SimSun", "STSong", "Noto Serif CJK SC", "AR PL UMing CN"),
}
_BOLD = {XIAOBIAOSONG}  # a display face: its stand-in is set bold
_HEAD = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'


def write_substitutes(folder: Path) -> Path:
    """Write the fontconfig file that LibreOffice is given, and return its path."""
    system = os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    rules = "".join(_rule(name, others) for name, others in SUBSTITUTES.items())
    path = folder / "fonts.conf"
    path.write_text(f'{_HEAD}<include ignore_missing="yes">{system}</include>\n{rules}</fontconfig>\n', "utf-8")
    return path


def _rule(name: str, others: tuple[str, ...]) -> str:
    edits = "".join(f"<string>{other}</string>" for other in (name, *others))
    weight = '<edit name="weight" mode="assign"><const>bold</const></edit>' if name in _BOLD else ""
    return (
        f'<match target="pattern"><test name="family" qual="any"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="same">{edits}</edit>{weight}</match>\n'
    )


def office() -> str | None:
    """Where LibreOffice is; None when it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")
