"""The city of a storm: the sample one with 1,300 more contacts, a circular to all of them, and senders as fast as it is compressed."""

import csv
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from dutydesk.simulator.accounts import Account
from scripts.benchmarks import served
from scripts.benchmarks.places import ROOT

_RATE = re.compile(r"^segments_per_second = (\d+)", re.MULTILINE)


def address(index: int) -> str:
    """The telephone of recipient `index` of the circular: +86 120 0002 …, possible and not valid."""
    return f"+861200002{index:04d}"


def furnish(folder: Path, recipients: int, pace: float) -> None:
    """Write the configuration and the directory of the night under a folder."""
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "contacts", folder / "contacts")
    _add_contacts(folder / "contacts" / "contacts.csv", recipients)
    _add_recipients(folder / "config" / "shifts.toml", recipients)
    channels = folder / "config" / "channels.toml"
    faster = _RATE.sub(
        lambda found: f"segments_per_second = {max(1, round(int(found[1]) * pace))}", channels.read_text()
    )
    channels.write_text(faster)
    (folder / "config" / "security.toml").write_text("second_factor = []\n")


def _add_contacts(path: Path, many: int) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    unit = next(row["单位代码"] for row in rows)
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        for index in range(many):
            row = dict.fromkeys(rows[0], "") | {"联络员编号": f"Z-{index:04d}", "单位代码": unit, "姓名": "钱"}
            writer.writerow(row | {"AB角": "", "电话": address(index), "核实日期": "2026-08-01"})


def _add_recipients(path: Path, many: int) -> None:
    lines = [f'[[circular_to]]\nwho = "contact:Z-{index:04d}"\nhow = "sms"\n' for index in range(many)]
    path.write_text(path.read_text("utf-8") + "\n" + "\n".join(lines), "utf-8")


def environment(folder: Path, database: str, redis: str, telco: str, account: Account) -> Mapping[str, str]:
    """The environment of one hub of the night."""
    return {
        **served.environment(database),
        "DUTYDESK_CONFIG": str(folder / "config"),
        "DUTYDESK_CONTACTS": str(folder / "contacts"),
        "DUTYDESK_REDIS": redis,
        "DUTYDESK_GATEWAY_MAINLAND_URL": f"{telco}/gateway/mainland",
        "DUTYDESK_GATEWAY_MAINLAND_SECRET": account.mainland_secret,
        "TWILIO_ACCOUNT_SID": account.sid,
        "TWILIO_AUTH_TOKEN": account.auth_token,
        "DUTYDESK_TWILIO_API_URL": telco,
    }
