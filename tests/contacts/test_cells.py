"""What one cell may say, and the words when it may not."""

import pytest

from dutydesk.contacts import cells


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("13800138000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("+8613800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("0086-138-0013-8000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("＋８６　１３８　００１３　８０００", "+8613800138000"),
        ("13800138000.0", "+8613800138000"),
        ("1.3800138001E+10", "+8613800138001"),
        ("\u200b13800138000\ufeff", "+8613800138000"),
        ("(0532)8591-1234", "+8653285911234"),
        ("010-85911234", "+861085911234"),
        ("400-123-4567", "+864001234567"),
        ("+852 5123 4567", "+85251234567"),
        ("120 0000 1234", "+8612000001234"),
    ],
)
def test_a_number_is_mended_to_e164(raw: str, number: str) -> None:
    assert cells.phone(raw) == number


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("1380013800", "「1380013800」不是一个可拨打的号码(少1位?),请写成 +86 开头的完整号码"),
        ("138001380000", "「138001380000」不是一个可拨打的号码(多1位?),请写成 +86 开头的完整号码"),
        ("85911234", "「85911234」不是一个可拨打的号码(缺区号?),请写成 +86 开头的完整号码"),
        ("12345", "「12345」不是一个可拨打的号码(是短号),请写成 +86 开头的完整号码"),
        (
            "0532-85911234转801",
            "「0532-85911234转801」不是一个可拨打的号码(带分机,系统拨不通分机),请写成 +86 开头的完整号码",
        ),
        ("张三", "「张三」不是一个可拨打的号码(夹有不是号码的字),请写成 +86 开头的完整号码"),
        ("+999 12345678", "「+999 12345678」不是一个可拨打的号码,请写成 +86 开头的完整号码"),
        ("=13800138000", "「=13800138000」不是一个可拨打的号码(夹有不是号码的字),请写成 +86 开头的完整号码"),
        (
            "1.38E+10",
            "「1.38E+10」是表格软件改成的科学计数,末尾几位已经丢了,请把该列设为文本格式后重新填写完整号码",
        ),
    ],
)
def test_a_number_that_cannot_be_dialled_is_refused_with_the_mend(raw: str, words: str) -> None:
    with pytest.raises(cells.Wrong) as refused:
        cells.phone(raw)
    assert str(refused.value) == words


def test_of_a_list_the_right_numbers_are_kept_and_each_wrong_one_is_named() -> None:
    with pytest.raises(cells.Wrong) as refused:
        cells.phones("13800138000;138、13900139000,139")
    assert refused.value.kept == ("+8613800138000", "+8613900139000")
    assert "「138」" in str(refused.value)
    assert "「139」" in str(refused.value)


def test_one_number_twice_in_a_cell_is_one_number() -> None:
    assert cells.phones("13800138000、138 0013 8000") == ("+8613800138000",)


@pytest.mark.parametrize("sign", list(cells.FORMULA))
def test_a_cell_that_a_spreadsheet_would_run_is_refused_and_written_harmless(sign: str) -> None:
    payload = f"{sign}HYPERLINK(1)"
    with pytest.raises(cells.Wrong, match="会被表格软件当作公式执行"):
        cells.text(payload)
    with pytest.raises(cells.Wrong, match="会被表格软件当作公式执行"):
        cells.words(f" {payload}、甲")
    assert cells.show(payload) == f"'{payload}"
    assert cells.show((payload, "甲")) == f"'{payload}、甲"
    assert cells.text(cells.show(payload)) == payload
    assert cells.text(cells.show(f"'{payload}")) == f"'{payload}"


def test_blanks_are_made_one_and_control_characters_are_refused() -> None:
    assert cells.text(" 青岛\u3000\n 一\u202e 厂\u200b ") == "青岛 一 厂"
    with pytest.raises(cells.Wrong, match="含有看不见的控制字符,请删掉后重新输入"):
        cells.text("青\x07岛")


def test_a_text_too_long_says_how_long() -> None:
    with pytest.raises(cells.Wrong, match="有 201 个字,最多 200 个,请缩短"):
        cells.text("字" * 201)


@pytest.mark.parametrize("raw", ["2026-01-05", "2026/1/5", "2026年1月5日", "2026.1.5", "2026-01-05 00:00:00"])
def test_a_date_as_offices_and_excel_write_it(raw: str) -> None:
    assert cells.iso_date(raw) == "2026-01-05"


@pytest.mark.parametrize("raw", ["2026-02-30", "昨天", "5/1/26", "20260105"])
def test_no_date(raw: str) -> None:
    with pytest.raises(cells.Wrong) as refused:
        cells.iso_date(raw)
    assert str(refused.value) == f"「{raw}」不是一个日期,请写成 2026-01-05 的样子"


@pytest.mark.parametrize("raw", ["a@b.cn", "zhi.ban+1@qd.gov.cn", "ａ@b.cn"])
def test_an_email_by_shape(raw: str) -> None:
    assert "@" in cells.email(raw)


@pytest.mark.parametrize("raw", ["a", "a@b", "a@@b.cn", "a b@c.cn", "a@-b.cn", "<a@b.cn>", "a@b.cn;c@d.cn"])
def test_no_email(raw: str) -> None:
    with pytest.raises(cells.Wrong) as refused:
        cells.email(raw)
    assert str(refused.value) == f"「{raw}」不是一个邮箱地址,请写成 name@example.cn 的样子"


@pytest.mark.parametrize(("raw", "role"), [("A", "A"), ("a角", "A"), ("Ｂ角", "B"), ("副", "B"), ("c", "C")])
def test_a_role_as_offices_write_it(raw: str, role: str) -> None:
    assert cells.role(raw) == role


def test_duties_are_event_codes_of_the_standard() -> None:
    assert cells.duties("12、12d\uff1b12D01\uff0c12D") == ("12", "12D", "12D01")
    with pytest.raises(cells.Wrong) as refused:
        cells.duties("15、12E+01")
    assert "「15」不是 GB/T 35561 事件代码,请写 12、12D 或 12D01 的样子" in str(refused.value)
    assert "「12E+01」" in str(refused.value)


def test_numbers_are_written_so_that_excel_leaves_them_alone() -> None:
    assert cells.show_phones(("+8612000000001", "+85251234567")) == "+86 120 0000 0001、+852 51234567"
