"""The voice exchange: starts calls, keeps their lines, and is the one place a person's acts on a call come in.

What happens inside one call is `line.py`'s; this module never speaks TwiML.
"""

from dutydesk.simulator.line import Line, Script
from dutydesk.simulator.network import Network
from dutydesk.simulator.records import Call, Card, new_sid
from dutydesk.simulator.webhooks import Courier

__all__ = ["Exchange", "Script"]


class Exchange:
    """All lines by call sid; a line is gone when its call is over."""

    def __init__(self, network: Network, courier: Courier) -> None:
        self._network = network
        self._courier = courier
        self._lines: dict[str, Line] = {}

    def place(self, call: Call, script: Script) -> None:
        """The desk calls a phone."""
        card = self._network.card(call.to)
        self._begin(call, Line(self._network, self._courier, call, script), card)

    def dial(self, card: Card) -> Call:
        """A person calls the desk; its voice webhook says what is spoken."""
        now = self._network.clock.now()
        url = self._network.public + "/hooks/twilio/voice"
        call = Call(
            new_sid("CA"), "inbound", card.number, self._network.account.number, "ringing", now, now, expected=True
        )
        self._begin(call, Line(self._network, self._courier, call, Script(url=url)), card)
        return call

    def _begin(self, call: Call, line: Line, card: Card) -> None:
        self._network.calls[call.sid] = call
        self._lines[call.sid] = line
        self._network.touch()
        self._network.spawn(self._carry(line, card))

    async def _carry(self, line: Line, card: Card) -> None:
        try:
            await line.run(card)
        finally:
            self._lines.pop(line.call.sid, None)

    def waiting(self, call: Call) -> bool:
        """Whether the call waits for a key just now."""
        line = self._lines.get(call.sid)
        return line is not None and line.waiting

    def pick_up(self, call: Call, outcome: str) -> None:
        """How the ringing ends: answered, machine, busy, no-answer, failed."""
        if line := self._lines.get(call.sid):
            line.pick_up(outcome)

    def press(self, call: Call, keys: str) -> None:
        """The person presses keys; before a Gather they are lost, as in reality."""
        if line := self._lines.get(call.sid):
            line.press(keys)

    def stay_silent(self, call: Call) -> None:
        """The wait for a key ends now, without one."""
        if line := self._lines.get(call.sid):
            line.press("")

    async def end(self, call: Call) -> None:
        """Either side ends the call, which is canceled while it still rings. Returns when it is over."""
        if line := self._lines.get(call.sid):
            line.end()
            await line.over.wait()

    def redirect(self, call: Call, script: Script) -> None:
        """The desk gives a call in progress another document."""
        if line := self._lines.get(call.sid):
            line.redirect(script)
