"""What was asked of a target, whatever the id and the query: the name under which run.json counts requests."""

import re
from urllib.parse import urlsplit

IDS = re.compile(r"(?<=/)(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d+|[A-Z]{2}[0-9a-f]{32})(?=[/.]|$)")
NO_ANSWER = 0  # in the place of a status


def operation(method: str, url: str) -> str:
    """`GET https://host/api/contacts/{id}`: what was asked for, whatever the id and the query."""
    scheme, separator, rest = url.partition("?")[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{method} {scheme}{separator}{host}{IDS.sub('{id}', slash + path)}"


def area(url: str) -> str:
    """`https://host/api/contacts`: the part of a target that an address belongs to, with all that is below it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{'/'.join(parts.path.split('/')[:3])}"
