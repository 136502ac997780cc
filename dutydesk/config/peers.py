"""The secrets of config/peers.toml, from the environment by the names given there, and what is wrong with a peer."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from dutydesk.config.environment import environment as process_environment
from dutydesk.domain.rules import Peer, Rules
from dutydesk.errors import ConfigError

FILE = "peers.toml"
SHORTEST_SECRET = 32  # characters
_SCHEMES = {"link": ("ws", "wss"), "http": ("http", "https")}


@dataclass(frozen=True, slots=True)
class Joined:
    """An enabled peer with the secret that both sides share."""

    peer: Peer
    secret: SecretStr


def load_peers(rules: Rules, environment: Mapping[str, str] | None = None) -> dict[str, Joined]:
    """The enabled peers by name. Raises ConfigError with every problem found."""
    environment = process_environment(environment)
    enabled = [peer for peer in rules.peers if peer.enabled]
    problems = [f"{FILE}: {problem}" for peer in enabled for problem in _problems(peer, environment)]
    if enabled and not rules.desk.unit:
        problems.append(f"{FILE}: desk.toml 里没有 unit,对方认不出我们")
    if enabled and not rules.page_on_link:
        problems.append(f"{FILE}: 缺少 page_on_link:直连中断时按哪一个呼叫办法叫人")
    if problems:
        raise ConfigError(problems)
    return {peer.name: Joined(peer, SecretStr(environment[peer.secret_env])) for peer in enabled}


def _problems(peer: Peer, environment: Mapping[str, str]) -> list[str]:
    found = []
    secret = environment.get(peer.secret_env, "")
    if len(secret) < SHORTEST_SECRET:
        state = "太短" if secret else "没有设置"
        found.append(f"{peer.name}: 环境变量 {peer.secret_env} {state},至少 {SHORTEST_SECRET} 个随机字符")
    scheme = urlsplit(peer.url).scheme
    if (peer.url or peer.kind == "http") and (scheme not in _SCHEMES[peer.kind] or not urlsplit(peer.url).hostname):
        found.append(f"{peer.name}: url 应是 {'、'.join(_SCHEMES[peer.kind])} 地址")
    return found


def unknown_units(rules: Rules, codes: frozenset[str]) -> list[str]:
    """Peers whose unit is not in the directory, as problems to show."""
    peers = [peer for peer in rules.peers if peer.enabled]
    return [f"{FILE}: {peer.name}: unit {peer.unit} 不在 units.csv 里" for peer in peers if peer.unit not in codes]
