"""What can be wrong with contact lists and who is on them."""

from functools import partial

from sandbox.faults import declare

fault = partial(declare, part="backend")

MEMBERS_TWICE = fault(
    "contact-list-doubles-members",
    "The members are read over a join with the campaigns that use the list, so each stands there once for each campaign.",
    kind="correctness",
    severity=2,
    finding="a list that two campaigns use has each contact twice",
)
MEMBERS_UNMASKED = fault(
    "contact-list-unmasked",
    "Contacts inside a list are not taken through the mask: it was added where contacts are listed.",
    kind="authorization",
    severity=1,
    finding="a viewer reads the phone numbers of everybody on a list",
    rulings=("R-29",),
)
LISTS_TAKEN_FOR_ID = fault(
    "contact-lists-taken-for-id",
    "The contacts were included before their lists, so the word lists is looked up as a contact.",
    kind="correctness",
    severity=2,
    finding="/api/contacts/lists answers that there is no such contact",
    rulings=("R-03",),
)
LIST_CUT = fault(
    "contact-list-cut-when-read-alone",
    "The query of a single list still has the LIMIT of a preview.",
    kind="correctness",
    severity=1,
    finding="a list has fewer members at its own address than among all lists",
)
DESCRIPTION_LOST = fault(
    "contact-list-loses-its-description",
    "The INSERT of a list was written before lists had a description.",
    kind="data",
    severity=2,
    finding="a list comes back without the description that it was given",
)
CREATED_EMPTY = fault(
    "contact-list-created-empty",
    "Creating a list leaves its contacts to a second request that the old page made.",
    kind="data",
    severity=1,
    finding="a new list has none of the contacts that it was created with",
)
EMPTY_LEFT_OUT = fault(
    "contact-list-left-out-while-empty",
    "All lists are read over an inner join with their members.",
    kind="correctness",
    severity=2,
    finding="a list without members is not among all lists",
)
NOT_FOUND_WHILE_EMPTY = fault(
    "contact-list-not-found-while-empty",
    "One list is read over an inner join with its members.",
    kind="correctness",
    severity=2,
    finding="a list without members is told as one that does not exist",
)
DELETION_EMPTIES = fault(
    "contact-deletion-empties-its-lists",
    "Deleting a contact clears the lists that it is on, so that they are built anew, which nobody does.",
    kind="data",
    severity=1,
    finding="the others on the list of a deleted contact are taken off it",
)
ADDED_AS_SENT = fault(
    "contact-list-counts-what-was-sent",
    "Adding counts the contacts of the request, whether they were on the list before or not.",
    kind="correctness",
    severity=2,
    finding="adding a contact for the second time is told as one that was added",
)
ADDED_EVERYWHERE = fault(
    "contact-joins-every-list",
    "The statement that adds a contact joins all lists instead of the one of the path.",
    kind="data",
    severity=1,
    finding="a contact that is added to one list is on all of them",
)
REMOVED_EVERYWHERE = fault(
    "contact-leaves-every-list",
    "The statement that takes a contact off a list names the contact and not the list.",
    kind="data",
    severity=1,
    finding="a contact that is taken off one list is taken off all of them",
)
REMOVAL_EMPTIES = fault(
    "contact-list-emptied-by-one-removal",
    "The statement that takes a contact off a list names the list and not the contact.",
    kind="data",
    severity=1,
    finding="taking one contact off a list takes off everybody",
)
REMOVAL_DELETES = fault(
    "contact-list-removal-deletes-the-contact",
    "Taking a contact off a list calls the deletion of the contact.",
    kind="data",
    severity=1,
    finding="a contact that is taken off a list is gone",
)
REMOVAL_OF_NOBODY = fault(
    "contact-list-removes-nobody-silently",
    "Whether a row was deleted is not looked at.",
    kind="correctness",
    severity=2,
    finding="taking off a contact that is not on the list answers that it was done",
)
ADDED_TO_NO_LIST = fault(
    "contact-list-unknown-counts-none",
    "Whether the list exists is not looked at before contacts are added to it.",
    kind="correctness",
    severity=2,
    finding="adding to a list that does not exist answers 200 with none added",
)
NAME_OPTIONAL = fault(
    "contact-list-without-a-name",
    "The name of a list was made optional for drafts.",
    kind="correctness",
    severity=2,
    finding="a list without a name is stored",
)
LIST_TEXTS_ENGLISH = fault(
    "contact-list-refusals-in-english",
    "The texts of the lists' refusals were never translated.",
    kind="correctness",
    severity=3,
    finding="what is not found is told in English",
)
MEMBER_WITHOUT_NOTES = fault(
    "contact-list-members-without-notes",
    "The members of a list are read with the columns of a preview.",
    kind="data",
    severity=2,
    finding="a contact inside a list has no notes, and has them at its own address",
)
