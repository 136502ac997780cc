"""The documents Twilio reads aloud: a call that asks for a key, a last word, and the empty answer. Text in, XML out, nothing else."""

import re

from twilio.twiml.voice_response import Gather, VoiceResponse

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
LANGUAGE = "zh-CN"
TIMES = 2  # a call is read out so often, then it ends
KEY_WAIT = 5  # seconds
LONGEST = 4_000  # characters of the Twiml parameter of POST Calls (Twilio's API reference)
_LENGTHS = (1_500, 600, 250)
_MORE = "。以下从略,请回电值班室。"
_SILENCE = "没有收到按键,再见。"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def asking(text: str, action: str) -> str:
    """Reads `text` and waits for one key, twice, then hangs up; the key is posted to `action`. Never longer than `LONGEST`:
    what must be left out is announced."""
    document = _asking(text, action)
    for most in _LENGTHS:
        if len(document) > LONGEST:
            document = _asking(text[:most] + _MORE, action)
    return document


def _asking(text: str, action: str) -> str:
    response = VoiceResponse()
    for _ in range(TIMES):
        gather = Gather(input="dtmf", num_digits=1, timeout=KEY_WAIT, action=action, method="POST")
        gather.say(_sayable(text), language=LANGUAGE)
        response.append(gather)
    response.say(_SILENCE, language=LANGUAGE)
    response.hangup()
    return str(response)


def last_word(text: str) -> str:
    """Says one sentence and hangs up."""
    response = VoiceResponse()
    response.say(_sayable(text), language=LANGUAGE)
    response.hangup()
    return str(response)


def _sayable(text: str) -> str:
    return _NOT_XML.sub(" ", text)
