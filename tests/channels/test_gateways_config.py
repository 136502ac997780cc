"""config/gateways.toml: what is shipped loads, and every mistake is said at once, in the reader's words."""

import pytest

from dutydesk.config import load_rules
from dutydesk.config.gateways import load_gateways, missing_gateways
from dutydesk.errors import ConfigError
from tests.channels.desk import ROOT

ENVIRONMENT = {
    "DUTYDESK_GATEWAY_MAINLAND_URL": "https://sms.example/api",
    "DUTYDESK_GATEWAY_MAINLAND_SECRET": "secret-of-mainland",
}
SMALL = """
[gateways.g]
url_env = "G_URL"
secret_env = "G_SECRET"
[gateways.g.sending]
body = { to = "{to}", text = "{text}" }
"""


def load(tmp_path, text, **environment):
    (tmp_path / "gateways.toml").write_text(text, "utf-8")
    return load_gateways(tmp_path, {"G_URL": "https://g.example", "G_SECRET": "s" * 20, **environment})


def problems(tmp_path, text, **environment):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text, **environment)
    return "\n".join(caught.value.problems)


def test_what_is_shipped_loads_with_the_mainland_gateway_alone():
    gateways = load_gateways(ROOT / "config", ENVIRONMENT)
    assert list(gateways) == ["mainland"]
    assert gateways["mainland"].url == "https://sms.example/api"
    assert "secret-of-mainland" not in repr(gateways)
    assert missing_gateways(load_rules(ROOT / "config"), gateways) == []


def test_a_sender_without_its_gateway_is_named():
    (problem,) = missing_gateways(load_rules(ROOT / "config"), {})
    assert "mainland" in problem


def test_without_the_environment_it_says_which_variables(monkeypatch):
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigError) as caught:
        load_gateways(ROOT / "config")
    assert [p.split("环境变量 ")[1].split()[0] for p in caught.value.problems] == list(ENVIRONMENT)


def test_the_second_example_works_once_it_is_enabled(tmp_path):
    text = (ROOT / "config" / "gateways.toml").read_text("utf-8").replace("enabled = false", "enabled = true")
    (tmp_path / "gateways.toml").write_text(text, "utf-8")
    more = {"DUTYDESK_GATEWAY_FORM_URL": "https://f.example", "DUTYDESK_GATEWAY_FORM_SECRET": "f" * 20}
    more |= {"DUTYDESK_GATEWAY_FORM_ACCOUNT": "office", "DUTYDESK_PBX_OFFICE_SECRET": "p" * 20}
    gateways = load_gateways(tmp_path, ENVIRONMENT | more)
    assert sorted(gateways) == ["form_example", "mainland", "office"]
    assert gateways["form_example"].account == "office"
    assert gateways["office"].sending is None


def test_no_file_is_no_gateway(tmp_path):
    assert load_gateways(tmp_path, {}) == {}


def test_a_disabled_gateway_needs_no_environment(tmp_path):
    disabled = SMALL.replace("[gateways.g]", "[gateways.g]\nenabled = false")
    assert load(tmp_path, disabled, G_URL="", G_SECRET="") == {}
    assert "不认识这个键" in problems(tmp_path, disabled.replace("url_env", "urlenv"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("{text}", "{texte}"), "texte"),
        (("{text}", "text"), "没有 {text}"),
        (("{text}", "{text"), "gateways.g.sending"),
        (('secret_env = "G_SECRET"', ""), "gateways.g.secret_env: 缺少这个键"),
        (('url_env = "G_URL"', ""), "必须写 url_env"),
        (("body =", "boddy ="), "gateways.g.sending.boddy: 不认识这个键"),
        (('secret_env = "G_SECRET"', 'secret_env = "G_SECRET"\nsecret = "x"'), "不写在文件里"),
        (
            ("[gateways.g.sending]", "[gateways.g.inbound_list]\npath = '/in'\n[gateways.g.sending]"),
            "必须同时写 inbound",
        ),
        (("[gateways.g.sending]", "[gateways.g.look_up]\npath = '/m'\n[gateways.g.sending]"), "没有 {ref}"),
        (("[gateways.g.sending]", "[gateways.g.signature]\npayload = '{body}'\n[gateways.g.sending]"), "重放"),
        (("[gateways.g.sending]", "[gateways.g.signature]\npayload = '{timestamp}'\n[gateways.g.sending]"), "{body}"),
        (("[gateways.g.sending]", "[gateways.g.status]\nwords = { A = 'arrived' }\n[gateways.g.sending]"), "arrived"),
        (("[gateways.g]", "[gateway.g]"), "gateway: 不认识这个键"),
        (("[gateways.g]", "[gateways.g"), "写法有误"),
    ],
)
def test_each_mistake_is_said(tmp_path, change, said):
    assert load(tmp_path, SMALL)["g"].url == "https://g.example"
    assert said in problems(tmp_path, SMALL.replace(*change))


@pytest.mark.parametrize("url", ["ftp://g.example", "g.example/api", "https://"])
def test_an_address_that_is_none(tmp_path, url):
    assert "不是 http(s) 地址" in problems(tmp_path, SMALL, G_URL=url)


def test_all_problems_come_at_once(tmp_path):
    text = SMALL.replace("{text}", "{texte}") + SMALL.replace("gateways.g", "gateways.h").replace("G_URL", "H_URL")
    said = problems(tmp_path, text + "\n[other]\n", G_SECRET="")
    for part in ("texte", "G_SECRET 没有设置", "H_URL 没有设置", "other"):
        assert part in said
