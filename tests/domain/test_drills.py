"""A drill is the same machine, marked everywhere, and reaches only the people on its list: never a leader, never another desk."""

from typing import Any

import pytest

from dutydesk.domain.deliveries import DeliveryQueued, DeliveryRefused
from dutydesk.domain.directory import Contact
from dutydesk.domain.drills import CloseDrill, DrillOpened, OpenDrill
from dutydesk.domain.pages import PageExhausted
from dutydesk.domain.users import AddUser
from tests.kit import LEADER, OFFICER, World, only, phone, refused, report, world


def opened(*who: str) -> World:
    w = world()
    w.handle("drill/D", OpenDrill(name="消防演练", participants=who or ("contact:A1", "user:officer")))
    return w


@pytest.mark.parametrize("who", ["leader:L1", "unit:PROV", "unit:DESK", "contact:nobody", "user:nobody", "nonsense"])
def test_who_may_not_be_listed_is_refused(who: str) -> None:
    with refused("不能列入"):
        opened("contact:A1", who)


def test_a_leaders_number_under_another_name_is_refused() -> None:
    w = world()
    w.handle("user/spy", AddUser(name="spy", role="officer", phone=LEADER))
    with refused("领导或上级"):
        w.handle("drill/D", OpenDrill(name="x", participants=("user:spy",)))
    people = (*w.listed.contacts, Contact(id="X", unit="T1", name="x", phones=(LEADER,)))
    w.listed = w.listed.model_copy(update={"contacts": people})
    w.listed = type(w.listed)(**{n: getattr(w.listed, n) for n in type(w.listed).model_fields})
    with refused("领导或上级"):
        w.handle("drill/D", OpenDrill(name="x", participants=("contact:X",)))


def test_a_user_who_is_a_leader_is_refused() -> None:
    w = world()
    w.handle("user/boss", AddUser(name="boss", role="leader", phone="+861200007777"))
    with refused("不能列入"):
        w.handle("drill/D", OpenDrill(name="x", participants=("user:boss",)))


def test_the_list_is_frozen_with_its_addresses() -> None:
    w = opened()
    assert next(e for _, e, _ in w.journal if isinstance(e, DrillOpened)).addresses == tuple(
        sorted((phone(1), OFFICER))
    )


def _everything(w: World) -> list[tuple[str, Any, bool]]:
    w.say("a", "仓库着火", phone(1), report(), drill=True)
    for _ in range(40):
        if not any(t.lane.value == "fire" for t in w.timers.values()):
            break
        w.fire()
    return [line for line in w.journal if line[2]]


def test_it_reaches_only_its_list_and_every_text_says_so() -> None:
    w = opened()
    made = _everything(w)
    sent = [e for _s, e, _ in made if isinstance(e, DeliveryQueued)]
    assert {e.to for e in sent} <= {phone(1), OFFICER}
    assert sent
    assert all(e.text.startswith("【演练】") for e in sent)
    assert {e.reason for _s, e, _ in made if isinstance(e, DeliveryRefused)} == {"not_in_drill"}
    assert any(isinstance(e, PageExhausted) for _s, e, _ in made)
    assert all(act.to in (phone(1), OFFICER) for act in w.outbox.values())


def test_every_consequence_inherits_the_mark() -> None:
    w = opened()
    start = len(w.journal)
    _everything(w)
    assert all(drill for _s, _e, drill in w.journal[start:])
    assert all(w.drills[s] for s in w.drills if s.startswith(("message/", "incident/", "page/", "delivery/")))


def test_without_an_open_drill_nobody_is_reached() -> None:
    w = opened()
    w.handle("drill/D", CloseDrill())
    made = _everything(w)
    assert not [e for _s, e, _ in made if isinstance(e, DeliveryQueued)]
    assert w.outbox == {}


def test_it_is_opened_and_closed_once() -> None:
    w = opened()
    with refused("已经开始过"):
        w.handle("drill/D", OpenDrill(name="x", participants=("contact:A1",)))
    w.handle("drill/D", CloseDrill())
    assert w.handle("drill/D", CloseDrill()) == []
    assert w.rows["drill", "D"][2].refs == ()


def test_an_answer_of_a_participant_counts_in_the_drill() -> None:
    from dutydesk.domain.pages import PageAcknowledged, StartPage

    w = opened()
    w.handle("page/P", StartPage(policy="ask", subject="x", unit="T1"), drill=True)
    made = w.say("a", "收到", phone(1))
    assert only(made, PageAcknowledged).who == "contact:A1"
    assert w.drills["page/P"]
