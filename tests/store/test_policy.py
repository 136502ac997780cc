"""Policy outside the pen: read again only when it has changed, and then seen at once."""

from dutydesk.domain.policies import AdoptRules, ListUnit
from dutydesk.store.tx import Folds, read_rules, refresh_policy
from tests.kit import directory, hub_on, rules


async def test_policy_is_read_again_only_when_it_has_changed_and_then_at_once(database: str) -> None:
    async with hub_on(database, furnished=True) as hub:
        kept = Folds()
        first = (await hub.read(lambda c: refresh_policy(c, kept))).directory
        assert len(first.units) == len(directory().units)
        assert (await hub.read(lambda c: refresh_policy(c, kept))).directory is first
        one = directory().units[-1].model_copy(update={"code": "T99", "name": "新设街道"})
        await hub.handle("unit/T99", ListUnit(unit=one), key="", by="files")
        assert "T99" in (await hub.read(lambda c: refresh_policy(c, kept))).directory.unit_by_code


async def test_the_rules_of_the_same_words_are_the_same_and_others_are_seen_at_once(database: str) -> None:
    async with hub_on(database, furnished=True) as hub:
        before = await hub.read(read_rules)
        assert await hub.read(read_rules) is before
        await hub.handle("rules/main", AdoptRules(rules=rules(page_on_held="ladder"), digest="2"), key="", by="files")
        assert (await hub.read(read_rules)).page_on_held == "ladder" != before.page_on_held
