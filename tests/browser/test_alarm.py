"""What is heard, shown on the desktop and kept awake when something cries; also after an hour of idleness."""

from playwright.async_api import Page, expect

from tests.browser import samples
from tests.browser.stand_in import StandIn
from tests.browser.test_feed import opened

SPEAKERS = """
globalThis.tones = 0;
globalThis.speakers = null;
globalThis.AudioContext = class {
  constructor() { this.state = "suspended"; this.currentTime = 0; this.destination = {}; globalThis.speakers = this; }
  async resume() { this.state = "running"; }
  createOscillator() { return { frequency: {}, connect: (next) => next, start: () => { globalThis.tones += 1; }, stop() {} }; }
  createGain() { return { gain: { setValueAtTime() {}, linearRampToValueAtTime() {} }, connect: (next) => next }; }
};
"""
NOTES = """
globalThis.notes = [];
globalThis.asked = 0;
globalThis.Notification = class {
  static permission = "default";
  static async requestPermission() { globalThis.asked += 1; return (this.permission = "granted"); }
  constructor(title, options) { globalThis.notes.push([title, options.requireInteraction]); }
};
"""
LOCKS = """
globalThis.locks = [];
Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
  const lock = { released: false, release: async () => { lock.released = true; } };
  globalThis.locks.push(lock);
  return lock;
} } });
"""


async def cries(desk: StandIn) -> samples.Row:
    now = desk.clock.now()
    blast = samples.incident(1, now)
    await desk.put("incident", blast)
    await desk.put("page", samples.page(blast, now, 4, 5))
    return blast


async def test_it_sounds_after_an_hour_of_idleness(page: Page, desk: StandIn):
    await page.add_init_script(SPEAKERS)
    await page.clock.install()
    await opened(page, desk)
    await page.keyboard.press("Shift")
    await expect(page.get_by_test_id("mute")).to_contain_text("有声")
    await page.clock.fast_forward(3_600_000)
    await page.evaluate("speakers.state = 'suspended'")
    await expect(page.get_by_test_id("health")).to_contain_text("已连接")
    desk.shift = 3_600_000_000
    await cries(desk)
    await page.wait_for_function("() => tones >= 4")
    assert await page.evaluate("speakers.state") == "running"
    await page.clock.run_for(10_300)
    assert await page.evaluate("tones") == 8


async def test_frames_carry_the_alarm_on_where_timers_are_slowed(page: Page, desk: StandIn):
    await page.add_init_script(SPEAKERS)
    await page.add_init_script("setInterval = () => 0")
    await page.clock.install()
    await opened(page, desk)
    await page.keyboard.press("Shift")
    await cries(desk)
    await page.wait_for_function("() => tones === 4")
    await desk.tell()
    assert await page.evaluate("tones") == 4
    await page.clock.set_system_time(desk.clock.now() / 1e6 + 11)
    await desk.tell()
    await page.wait_for_function("() => tones === 8")


async def test_notes_are_asked_for_by_a_button_only_and_shown_while_nobody_looks(page: Page, desk: StandIn):
    await page.add_init_script(NOTES)
    await opened(page, desk)
    assert await page.evaluate("asked") == 0
    await page.get_by_test_id("allow-notes").click()
    await expect(page.get_by_test_id("allow-notes")).to_have_count(0)
    assert await page.evaluate("asked") == 1
    await desk.put("message", samples.message(1, desk.clock.now()))
    await expect(page.get_by_test_id("message-m1")).to_be_visible()
    assert await page.evaluate("notes") == []
    await page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    await desk.put("message", samples.message(2, desk.clock.now()))
    blast = await cries(desk)
    await page.wait_for_function("() => notes.length === 2")
    await desk.tell()
    told = await page.evaluate("notes")
    assert told[0][0].startswith("新来报:")
    assert told[1] == [f"紧急:{blast['title']}", True]


async def test_the_screen_stays_on_until_it_is_signed(page: Page, desk: StandIn):
    await page.add_init_script(LOCKS)
    await opened(page, desk)
    assert await page.evaluate("locks.length") == 0
    blast = await cries(desk)
    await page.wait_for_function("() => locks.length === 1")
    await page.get_by_test_id(f"incident-{blast['id']}").click()
    await page.keyboard.press("a")
    await page.wait_for_function("() => locks[0].released")


async def test_a_legal_clock_running_out_cries_though_the_incident_is_signed(page: Page, desk: StandIn):
    now = desk.clock.now()
    rain = samples.incident(2, now, signed_by="user:li", signed_how="console")
    await desk.put("incident", rain)
    await desk.put("page", samples.page(rain, now, 2, 2, policy="legal-clock", id=f"{rain['id']}-near-29923953"))
    await opened(page, desk)
    assert (
        await page.evaluate(
            "async () => (await import(new URL('sound.js', document.querySelector('script[type=module]').src))).sounded.urgent"
        )
        == 1
    )
