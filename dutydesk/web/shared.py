"""What several handlers share through the application, by typed keys."""

from aiohttp import web

from dutydesk.web.auth import Doorkeeper
from dutydesk.web.policy import Policies

POLICIES = web.AppKey("policies", Policies)
DOORKEEPER = web.AppKey("doorkeeper", Doorkeeper)
