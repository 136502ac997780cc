"""The list of all doors for providers. What happens behind each stands in hooks_twilio, hooks_voice and hooks_gateway."""

from collections.abc import Mapping

from aiohttp import web

from dutydesk.clock import Clock
from dutydesk.config import Settings
from dutydesk.config.gateways import Gateway
from dutydesk.hub import Hub
from dutydesk.web.hooks_gateway import GatewayHooks
from dutydesk.web.hooks_intake import retried
from dutydesk.web.hooks_twilio import TwilioHooks
from dutydesk.web.hooks_voice import VoiceHooks


def routes(hub: Hub, settings: Settings, gateways: Mapping[str, Gateway], clock: Clock) -> list[web.RouteDef]:
    """Every webhook. A bad signature is 403, a body over 1 MiB 413, a store that takes no writes 503; 200 means durable."""
    twilio, voice = TwilioHooks(hub, settings, clock), VoiceHooks(hub, settings, clock)
    gateway = GatewayHooks(hub, gateways, clock)
    table = {
        "/hooks/twilio/sms": twilio.sms,
        "/hooks/twilio/status": twilio.status,
        "/hooks/twilio/voice": voice.voice,
        "/hooks/gateway/{name}/sms": gateway.sms,
        "/hooks/gateway/{name}/status": gateway.status,
        "/hooks/pbx/{name}": gateway.call,
    }
    return [web.post(path, retried(handler)) for path, handler in table.items()]
