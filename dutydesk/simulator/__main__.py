"""Starts the simulated telephone company by itself: `python -m dutydesk.simulator --port 8090 --desk
http://127.0.0.1:8080`."""

import argparse
import asyncio
import json
import os
import signal
from contextlib import suppress
from pathlib import Path

from dutydesk.simulator.accounts import Account
from dutydesk.simulator.page import preload
from dutydesk.simulator.telco import Telco

# A person reads about as fast as Mandarin is spoken: some 250 characters a minute.
_CHARACTERS_PER_SECOND = 8.0
_STATUS_DELAY_S = 0.2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dutydesk.simulator", description="A simulated telephone company.")
    parser.add_argument("--port", type=int, default=8090, help="HTTP port on 127.0.0.1")
    parser.add_argument("--smtp-port", type=int, default=0, help="SMTP port; 0: any free one")
    parser.add_argument("--desk", default="http://127.0.0.1:8080", help="where webhooks are brought")
    parser.add_argument("--public", help="the desk's public address, when webhooks are signed for another than --desk")
    parser.add_argument("--state", type=Path, help="JSON file to continue from")
    parser.add_argument("--phones", type=Path, help="JSON list of {number, name, unit}")
    parser.add_argument("--seed", type=int, default=0, help="seed of the faults")
    return parser.parse_args()


def _account() -> Account:
    usual, env = Account(), os.environ.get
    return Account(
        sid=env("TWILIO_ACCOUNT_SID") or usual.sid,
        auth_token=env("TWILIO_AUTH_TOKEN") or usual.auth_token,
        api_key=env("TWILIO_API_KEY") or usual.api_key,
        api_secret=env("TWILIO_API_SECRET") or usual.api_secret,
        number=env("SIMULATOR_TWILIO_NUMBER") or usual.number,
        mainland_secret=env("DUTYDESK_GATEWAY_MAINLAND_SECRET") or usual.mainland_secret,
        mainland_number=env("SIMULATOR_MAINLAND_NUMBER") or usual.mainland_number,
    )


async def _run(arguments: argparse.Namespace) -> None:
    telco = Telco(account=_account(), seed=arguments.seed)
    telco.connect(arguments.desk, public=arguments.public)
    telco.network.status_delay = _STATUS_DELAY_S
    telco.network.speech_rate = _CHARACTERS_PER_SECOND
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await telco.start(port=arguments.port, smtp_port=arguments.smtp_port, state_file=arguments.state)
    if arguments.phones:
        preload(telco.network, json.loads(arguments.phones.read_text("utf-8")))
    print(f"模拟电话 {telco.url}/  SMTP 127.0.0.1:{telco.smtp_port}", flush=True)
    await stopped.wait()
    await telco.stop()


def main() -> None:
    """Runs until SIGINT or SIGTERM."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(_arguments()))


if __name__ == "__main__":
    main()
