"""What is claimed of the answers of a route, over all of a run."""

from fixtures.product.contract.observed import Answers
from fixtures.product.contract.routes import Route
from fixtures.wire.finding import Message, finding
from record.outcome import Unverified


def difference(answers: Answers, route: Route) -> Message | None:
    """The first from the contract; Unverified where no answer of the route was seen."""
    differing = answers.of(route)
    if differing is None:
        raise Unverified("route-never-answered", route=route.name)
    if not differing:
        return None
    found, where = differing[0].deviation, differing[0].where
    return finding(found.cause, where, seen=found.seen, **found.facts)
