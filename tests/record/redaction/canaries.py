"""Values that must not leave a run, each written in a way in which a product, a library or a person would write it."""

import base64
import html
import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

# Of the profile, so the run knows them. With every character that some encoding changes.
PASSWORD = 'Pa55 "wörd"/+&\\x9'
KEY = "tw/auth+0123456789&abcdef'zÿx~"
DATABASE = "db-pa55-w0rd-of-production"
KNOWN = {"LV_ADMIN_PASSWORD": PASSWORD, "TWILIO_AUTH_TOKEN": KEY, "DATABASE_URL": f"postgresql://mvp:{DATABASE}@127.0.0.1/mvp"}


@dataclass(frozen=True)
class Canary:
    """`secret` must not be found, however it is written; `text` is what leaks."""

    name: str
    secret: str
    text: str


def _encoded(secret: str) -> Iterator[tuple[str, str]]:
    raw = secret.encode()
    folded = base64.encodebytes(b"x" * 50 + raw + b"y" * 30).decode()
    yield "plain", secret
    yield "inside of a sentence", f"the password is {secret}, she said"
    yield "in JSON", json.dumps({"note": secret})
    yield "in JSON with letters of its own", json.dumps({"note": secret}, ensure_ascii=False)
    yield "in JSON in JSON", json.dumps(json.dumps({"note": secret}))
    yield "in an address", f"https://example.com/?note={urllib.parse.quote(secret, safe='')}"
    yield "in a form", urllib.parse.urlencode({"note": secret})
    yield "in HTML", f"<p>{html.escape(secret)}</p>"
    yield "as Python shows it", repr([secret])
    yield "as Python shows bytes", repr(raw)
    yield "in hexadecimal digits", raw.hex()
    yield "in Base64", base64.b64encode(raw).decode()
    yield "in Base64 after one letter", base64.b64encode(b"u" + raw).decode()
    yield "in Base64 after two letters", base64.b64encode(b"us" + raw + b"!").decode()
    yield "in Base64 for addresses", base64.urlsafe_b64encode(b"user:" + raw + b"?").decode()
    yield "in Base64 folded over lines", folded
    yield "folded over lines", f"{secret[:9]}\n    {secret[9:]}"
    yield "folded by a backslash", f"{secret[:9]}\\\n{secret[9:]}"


TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnktdG9rZW4ifQ.c2lnbmF0dXJlLW9mLWEtY2FuYXJ5"
# Nobody declared these: their shape or their place tells what they are.
UNKNOWN = {
    "a token": (TOKEN, f"token {TOKEN} was refused"),
    "a bearer": ("opaque-bearer-7781", "Authorization: Bearer opaque-bearer-7781"),
    "basic credentials": ("d2hvOmNhbmFyeS1iYXNpYy0x", "authorization: Basic d2hvOmNhbmFyeS1iYXNpYy0x"),
    "a cookie": ("session-canary-1199", "Set-Cookie: sid=session-canary-1199; HttpOnly"),
    "credentials in an address": ("url-canary-5523", "redis://default:url-canary-5523@redis:6379/0"),
    "a secret in a query": ("query-canary-3344", "https://example.com/cb?access_token=query-canary-3344&x=1"),
    "a password field of a form": ("form-canary-9931", "user=qa&password=form-canary-9931"),
    "a password field of JSON": ("json-canary-8812", '{"user": "qa", "password": "json-canary-8812"}'),
    "a key field of JSON in JSON": ("json-canary-8813", json.dumps('{"api_key": "json-canary-8813"}')),
    "a private key": ("MIIEvQIBADANcanary", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANcanary\n-----END PRIVATE KEY-----"),
    "a key of AWS": ("AKIACANARY0123456789"[:20], "AKIACANARY0123456789"[:20]),
    "a key of Google": ("AIzaSyCANARY0123456789abcdefghijklmnopq", "key AIzaSyCANARY0123456789abcdefghijklmnopq"),
    "a key of OpenAI": ("sk-proj-canary0123456789abcdefghijklmnopqrstu", "sk-proj-canary0123456789abcdefghijklmnopqrstu"),
    "a key of ElevenLabs": ("sk_" + "0c" * 24, "xi: sk_" + "0c" * 24),
    "a key of Twilio": ("SK" + "c4" * 16, "SID SK" + "c4" * 16),
    "a key of Supabase": ("sbp_" + "0123456789abcdef" * 2, "sbp_" + "0123456789abcdef" * 2),
    "a token of GitHub": ("ghp_" + "Canary" * 6, "ghp_" + "Canary" * 6),
    "a token of Slack": ("xoxb-123456789-canarycanary", "xoxb-123456789-canarycanary"),
    "a key of Stripe": ("sk_live_" + "canary" * 4, "sk_live_" + "canary" * 4),
    "a phone": ("+34600123456", "call +34600123456 now"),
    "a phone in an address": ("34600123457", "https://example.com/?to=%2B34600123457"),
    "a phone in JSON": ("+34600123458", '{"phone": "+34600123458"}'),
    "a mail": ("maria.canary@example.org", "write to maria.canary@example.org."),
    "a mail in an address": ("maria.canary%40example.net", "https://example.com/?mail=maria.canary%40example.net"),
}

CANARIES: tuple[Canary, ...] = (
    *(Canary(f"a password {way}", PASSWORD, text) for way, text in _encoded(PASSWORD)),
    *(Canary(f"a key {way}", KEY, text) for way, text in _encoded(KEY)),
    Canary("the password of the database", DATABASE, f"could not connect to {KNOWN['DATABASE_URL']}"),
    *(Canary(name, secret, text) for name, (secret, text) in UNKNOWN.items()),
)
