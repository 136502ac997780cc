"""Tables out of files: what an office saves is read, what would hurt is refused with a word."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from dutydesk.contacts import Row, read_sheets, read_table, spreadsheet
from dutydesk.errors import ConfigError

ROWS = [["单位", "姓名"], ["青岛𠮷厂", "王,海\n波"], ["", ""], ["二厂", '李"涛']]
EXPECTED = (Row(1, ("单位", "姓名")), Row(2, ("青岛𠮷厂", "王,海\n波")), Row(5, ("二厂", '李"涛')))
CSV = '单位,姓名\r\n青岛𠮷厂,"王,海\n波"\r\n,\r\n二厂,"李""涛"\r\n'


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        read_sheets(path)
    assert len(refused.value.problems) == 1
    return refused.value.problems[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_each_encoding_with_the_line_each_row_begins_on(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(CSV.encode(encoding))
    assert read_table(path) == EXPECTED
    assert list(read_sheets(path)) == ["表.csv"]


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_other_delimiters(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"单位{delimiter}姓名\n一厂{delimiter}王", "utf-8")
    assert read_table(path) == (Row(1, ("单位", "姓名")), Row(2, ("一厂", "王")))


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"")
    assert read_table(path) == ()


def test_xlsx_cells_become_the_text_an_office_means(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    half_past_eight = datetime(2026, 1, 5, 8, 30)  # noqa: DTZ001  # a spreadsheet knows no zone
    sheet.append(["编号", 13800138000, 13800138000.0, 1.5, date(2026, 1, 5), half_past_eight])
    sheet.append([None, None])
    sheet.append(["=1+1", True])
    book.create_sheet("藏").append(["不读"])
    book["藏"].sheet_state = "hidden"
    path = tmp_path / "a.xlsx"
    book.save(path)
    sheets = read_sheets(path)
    assert list(sheets) == ["Sheet"]
    first, second = sheets["Sheet"]
    assert first == Row(1, ("编号", "13800138000", "13800138000", "1.5", "2026-01-05", "2026-01-05 08:30:00"))
    assert (second.line, second.cells[:2]) == (3, ("=1+1", "True"))


def test_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "没有.csv") == (
        "没有.csv: 打不开(No such file or directory),请检查文件是否存在、是否可读"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xff\xfe\x81\x30", "a.csv: 既不是 UTF-8 也不是 GB18030 文字,请另存为「CSV UTF-8」"),
        (b"a,b\n\x00,1", "a.csv: 含有空字符,不是文字表格,请另存为「CSV UTF-8」"),
        (b'a,b\n1,"2', "a.csv: 第2行 引号不成对或格式有误"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.csv: 是旧式 xls(或带密码的表格),请另存为 xlsx 或 csv"),
        (b"PK\x03\x04 broken", "a.csv: 不是完好的 xlsx(BadZipFile),请用表格软件打开后另存一次"),
        (b"a\n" + b"x" * 2_001, "a.csv: 第2行 有一格超过 2,000 字,请缩短"),
        (b"a," * 101 + b"b", "a.csv: 第1行 超过 100 列,请删去多余的列"),
        (b"a\n" * 50_001, "a.csv: 超过 50,000 行或 10,000,000 格,请拆成几个文件"),
        (b"x" * 20_000_001, "a.csv: 有 20,000,001 字节,最多 20,000,000,请拆成几个文件"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refusal(path).startswith(words)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(101):
            part.write(b"\x20" * 1_000_000)
    assert path.stat().st_size < 200_000
    assert refusal(path) == "a.xlsx: 解开后有 101,000,000 字节、1 个部件,超出限度,不予打开"


def test_a_zip_of_many_members_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2_001):
            archive.writestr(str(number), b"")
    assert refusal(path) == "a.xlsx: 解开后有 0 字节、2001 个部件,超出限度,不予打开"


def test_too_many_sheets(tmp_path: Path) -> None:
    book = Workbook()
    for _ in range(30):
        book.create_sheet()
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert refusal(path) == "a.xlsx: 有 31 张表,最多 30 张,请拆开"


def test_a_sparse_sheet_that_swells_when_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_CELLS", 100_000)
    book = Workbook()
    for line in range(1, 20):
        book.worksheets[0].cell(line, 16_384).value = " "
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert refusal(path).startswith("a.xlsx: 超过 50,000 行或 100,000 格")
