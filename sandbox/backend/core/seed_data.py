"""What a deployment holds: the seeded data of the contract, or other amounts and names, as other deployments have them."""

from dataclasses import dataclass, replace

from sandbox.backend.core.seed_material import CAMPAIGNS, FIRST_NAMES, LISTS, SURNAMES, CampaignSeed, ListSeed
from sandbox.process.settings import Data

# Of another region, and none of them among the names of the seed.
OTHER_NAMES = ("Aitor", "Ainhoa", "Jordi", "Montserrat", "Xoán", "Uxía", "Zoë", "Jean-Luc", "Fátima", "Željko", "D'Arcy")
OTHER_SURNAMES = ("Etxeberria", "Puig i Cadafalch", "Vázquez-Figueroa", "O'Connor", "Đorđević", "de la Fuente", "Ng")


@dataclass(frozen=True)
class Content:
    """Contacts with these names, each pair in turn; campaigns and lists of them. `phone_prefix` is followed by digits.

    `namespace` begins what ids are made of.
    """

    contacts: int
    campaigns: tuple[CampaignSeed, ...]
    lists: tuple[ListSeed, ...]
    first_names: tuple[str, ...] = FIRST_NAMES
    surnames: tuple[str, ...] = SURNAMES
    phone_prefix: str = "+120255501"  # 555-01xx is reserved for fiction
    namespace: str = ""

    def phone(self, index: int) -> str:
        return f"{self.phone_prefix}{index:0{12 - len(self.phone_prefix)}}"


SEEDED = Content(50, CAMPAIGNS, LISTS)
OTHER = Content(
    37,
    (
        replace(CAMPAIGNS[1], name="Ankete / enquesta «2031»", key_points=(), outcomes=("completed", "no_answer", "failed")),
        replace(CAMPAIGNS[2], name="Z", description="", outcomes=("pending",)),
    ),
    (ListSeed("Sense nom?", "", slice(5)),),
    OTHER_NAMES,
    OTHER_SURNAMES,
    "+15550",  # there is no area code 555
    "other/",
)
CONTENTS: dict[Data, Content] = {
    "seeded": SEEDED,
    "empty": replace(SEEDED, contacts=0, campaigns=(), lists=()),
    "other": OTHER,
    "one": replace(SEEDED, contacts=1, campaigns=(replace(CAMPAIGNS[2], outcomes=()),), lists=()),
    "many": replace(SEEDED, contacts=20_000, phone_prefix="+1555"),
}
