"""Seeded people and API keys: random at each start, in the form of the real ones."""

import datetime as dt
import secrets
import uuid

import jwt

from sandbox.process.settings import Identity, Role

# Contract 10.1: one admin and four users; the API's operator is one of them so that each role can be examined.
PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("Lucía Fernández Ortega", "lucia.fernandez@example.com", "admin"),
    ("Mateo Ríos Delgado", "mateo.rios@example.com", "operator"),
    ("Valentina Núñez Prieto", "valentina.nunez@example.com", "viewer"),
    ("Andrés Quintana Vidal", "andres.quintana@example.com", "viewer"),
    ("Camila Ibáñez Soto", "camila.ibanez@example.com", "viewer"),
)
KEY_LIFE = dt.timedelta(days=3650)  # what Supabase gives its API keys


def identities() -> tuple[Identity, ...]:
    """The same people with the same ids at each start, with new passwords."""
    return tuple(
        Identity(str(uuid.uuid5(uuid.NAMESPACE_DNS, email)), email, secrets.token_urlsafe(12), name, role)
        for name, email, role in PEOPLE
    )


def api_key(role: str, secret: str) -> str:
    """A Supabase API key: a token with nothing but a database role."""
    now = dt.datetime.now(dt.UTC)
    claims = {"iss": "supabase", "ref": "luzverde", "role": role, "iat": now, "exp": now + KEY_LIFE}
    return jwt.encode(claims, secret, algorithm="HS256")
