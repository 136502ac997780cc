"""The people of a simulated duty room: each signs in by HTTP with their own password, stays signed in while at work, and is counted."""

import uuid
from collections import Counter
from typing import Any

import aiohttp

from dutydesk.clock import HOUR
from dutydesk.domain.users import AddUser
from dutydesk.web.auth import set_password
from tests.desk.town import PASSWORD, Town

IDLE = 11 * HOUR  # shorter than what the desk lets a session rest
HIRED = (
    ("second", "带班领导丙", "shift_leader", "+8612000009103"),
    ("yi", "值班员乙", "officer", "+8612000009104"),
    ("bing", "值班员丙", "officer", "+8612000009105"),
    ("ding", "值班员丁", "officer", "+8612000009106"),
)
POSTS = """
on_duty = 1
double_leaders = true
rest_hours = 8
handover_minutes = 10
ask_days = 10
send_days = 5
collect = ["district"]
[[posts]]
id = "leader"
name = "带班领导"
leads = true
changes = "day"
people = ["leader", "second"]
[[posts]]
id = "main"
name = "主班"
people = ["officer", "yi", "bing", "ding"]
"""


class Staff:
    """`done` and `refused` count the commands by their name."""

    def __init__(self, here: Town) -> None:
        self.here = here
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._sessions: dict[str, tuple[aiohttp.ClientSession, str]] = {}
        self._seen: dict[str, int] = {}

    async def hire(self) -> None:
        for username, name, role, phone in HIRED:
            add = AddUser.model_validate({"name": name, "role": role, "phone": phone})
            await self.here.desk.hub.handle(f"user/{username}", add, key="", by="files")
            await set_password(self.here.desk.hub, username, PASSWORD)

    async def leave(self) -> None:
        for http, _csrf in self._sessions.values():
            await http.close()

    async def give(self, username: str, path: str, body: dict[str, Any]) -> Any:
        """Gives a command by its path (kind/id/Command, or another way of the API). A refusal is counted and gives None."""
        name = path.rpartition("/")[2]
        status, said = await self._post(username, path, body)
        if status == 401:  # the session is over: who comes back signs in again
            self._seen.pop(username)
            status, said = await self._post(username, path, body)
        await self.here.telco.settle()
        if status >= 400:
            self.refused[f"{name}: {status} {said.get('error')}"] += 1
            return None
        self.done[name] += 1
        return said

    async def _post(self, username: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        http, csrf = await self._session(username)
        headers = {"X-CSRF": csrf, "Idempotency-Key": str(uuid.uuid4())}
        async with http.post(f"{self.here.url}/api/{path}", json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def read(self, username: str, path: str) -> bytes:
        """What a path of the desk answers. Raises AssertionError for anything but 200."""
        http, _csrf = await self._session(username)
        async with http.get(self.here.url + path) as answer:
            found = await answer.read()
            assert answer.status == 200, (path, answer.status, found[:300])
            return found

    async def _session(self, username: str) -> tuple[aiohttp.ClientSession, str]:
        now = self.here.clock.now()
        if now - self._seen.get(username, 0) > IDLE:
            await self._sign_in(username)
        self._seen[username] = now
        return self._sessions[username]

    async def _sign_in(self, username: str) -> None:
        if username in self._sessions:
            await self._sessions[username][0].close()
        url = self.here.url
        http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": url})
        form = {"username": username, "password": PASSWORD}
        async with http.post(f"{url}/sign-in", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
        async with http.get(f"{url}/api/me") as answer:
            self._sessions[username] = (http, (await answer.json())["csrf"])
