"""Masks for personal data (contract 8.5, R-29)."""

import re

# Nine digits or more that are not part of a UUID or of another hexadecimal id.
_PHONE = re.compile(r"(?<![0-9A-Za-z-])\+?[0-9]{9,16}(?![0-9A-Za-z-])")
_EMAIL = re.compile(r"([A-Za-z0-9._%+-])[A-Za-z0-9._%+-]*@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?")


def mask_phone(text: str) -> str:
    """First three and last three digits: +34600123456 becomes +346****456."""
    sign, digits = ("+", text[1:]) if text.startswith("+") else ("", text)
    return f"{sign}{digits[:3]}****{digits[-3:]}"


def mask_email(text: str) -> str:
    name, _, domain = text.partition("@")
    return f"{name[:1]}***@{domain}"


def redact(text: str) -> str:
    """Free text for a log: phones and e-mails masked, tokens removed."""
    text = _TOKEN.sub("[token]", text)
    text = _EMAIL.sub(r"\1***@\2", text)
    return _PHONE.sub(lambda found: mask_phone(found[0]), text)
