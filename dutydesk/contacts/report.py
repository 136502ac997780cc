"""What an import did, line by line: taken or refused, and why. A value; it decides nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the imported file: where, whether it was taken, what it did, and mends or reasons."""

    sheet: str
    line: int
    taken: bool
    what: str
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """One line of Chinese for the person who imports."""
        mark = "采纳" if self.taken else "拒收"
        notes = f"({';'.join(self.notes)})" if self.notes and self.what else ";".join(self.notes)
        return f"{mark} {self.sheet} 第{self.line}行: {self.what}{notes}"


@dataclass(frozen=True, slots=True)
class Report:
    """An import of one file: every line that held something, and the heads that were not understood."""

    file: str
    lines: tuple[Line, ...]
    ignored: tuple[str, ...] = ()  # heads, as sheet「head」

    @property
    def taken(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.taken)

    @property
    def refused(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if not line.taken)

    def text(self) -> str:
        """The whole report in Chinese, refused lines last, where they are seen."""
        ignored = [f"没有用到的列: {'、'.join(self.ignored)}"] if self.ignored else []
        lines = [line.text() for line in (*self.taken, *self.refused)]
        total = f"{self.file}: 采纳 {len(self.taken)} 行,拒收 {len(self.refused)} 行"
        return "\n".join([*ignored, *lines, total])
