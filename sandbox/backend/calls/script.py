"""The script of a call as TwiML (contract 5.3)."""

import html
import re

from twilio.twiml.voice_response import Gather, VoiceResponse  # type: ignore[import-untyped]  # the vendor ships no types

from sandbox.backend.calls import faults
from sandbox.process.settings import Settings

VOICE = {"voice": "woman", "language": "es-ES"}
OPTIONS = "Si está interesado, pulse 1 o diga interesado. Si prefiere que le llamemos más tarde, pulse 2."
NO_ANSWER = "No hemos recibido ninguna respuesta. Gracias por su tiempo. Hasta pronto."
THANKS = "Gracias por su interés. Un representante se pondrá en contacto con usted en breve."
CALL_LATER = "De acuerdo. Le llamaremos más tarde. Gracias por su tiempo."
ONCE_HELD = 32  # characters, for SCRIPT_CUT
NOT_UNDERSTOOD = "Lo sentimos, no hemos entendido su respuesta. Hasta pronto."
# XML 1.0 has no place for these, escaped or not.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def opening(name: str, script: str, settings: Settings) -> str:
    response = VoiceResponse()
    greeted = "{name}" if faults.NAME_NOT_FILLED_IN.on else name
    say(response, f"Hola {greeted}, le llamamos de {settings.app_name}.")
    say(response, script[:ONCE_HELD] if len(script) > ONCE_HELD and faults.SCRIPT_CUT.on else script)
    question = Gather(
        input="dtmf speech",
        timeout=5,
        num_digits=1,
        method="POST",
        action=f"{settings.backend_url if faults.GATHER_TO_INNER_ADDRESS.on else settings.app_url}/api/webhooks/twilio/gather",
    )
    say(question, OPTIONS)
    response.append(question)
    say(response, NO_ANSWER)
    response.hangup()
    return rendered(response)


def farewell(text: str | None) -> str:
    """One sentence and the end; an apology when there is no sentence."""
    response = VoiceResponse()
    say(response, text or NOT_UNDERSTOOD)
    response.hangup()
    return rendered(response)


def say(parent: VoiceResponse | Gather, text: str) -> None:
    parent.say(NOT_XML.sub("", text), **({"voice": VOICE["voice"]} if faults.TWIML_IN_ENGLISH.on else VOICE))


def rendered(response: VoiceResponse) -> str:
    document = str(response)
    plain = html.unescape(document)
    return plain if plain != document and faults.TWIML_UNESCAPED.on else document
