"""What a refusal says about rights."""

from typing import Any

from fixtures.product.nouns import Product
from fixtures.product.response import Response
from record.outcome import Unverified

NOT_VALID = 422


def require_rights_looked_at(answer: Response[Any], caller: Product) -> None:
    """Unverified where a protected profile's body, which has only nulls, was refused for itself.

    The contract does not say that rights come before validation, and a valid body must not be sent there.
    """
    if caller.protected and answer.status_code == NOT_VALID:
        request = answer.response.request
        raise Unverified("rights-behind-validation", method=request.method, path=request.url.path)
