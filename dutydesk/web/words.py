"""The words of the pages the server makes itself, in Chinese and English. Chinese is what stands when nobody chose."""

from aiohttp import web

from dutydesk.web.words_en import EN
from dutydesk.web.words_zh import ZH

LANGUAGES = ("zh", "en")

CATALOGUE = {"zh": ZH, "en": EN}


def language(request: web.Request) -> str:
    """The language of a request: `?lang=`, else the cookie, else Chinese."""
    for wanted in (request.query.get("lang", ""), request.cookies.get("lang", "")):
        if wanted in LANGUAGES:
            return wanted
    return "zh"
