"""Whether the list knows a contact that was just made: without that nothing can be learnt of how it is searched or shown."""

from fixtures.product.nouns import Contact, Product
from fixtures.wire.finding import observed
from record.outcome import Blocked


def require_listed(operator: Product, contact: Contact) -> None:
    """For a check that did not find it where it looked; Blocked where the plain list, asked for its name, has it neither."""
    listed = operator.contacts.list(search=contact["name"])
    if contact["id"] not in [row["id"] for row in listed.body["data"]]:
        raise Blocked(observed("created-contact-not-listed", listed, contact=contact["id"]))
