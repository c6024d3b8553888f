"""What can be wrong with contacts: their listing, search, changes, lists and files."""

from functools import partial

from sandbox.faults import declare

fault = partial(declare, part="backend")

VIEWER_MAY_WRITE = fault(
    "viewer-may-write-contacts",
    "The contact endpoints check that the caller is signed in and forget to check the role.",
    kind="authorization",
    severity=1,
    finding="a viewer creates, changes or deletes a contact",
    rulings=("R-07",),
)
EXPORT_FOR_OPERATORS = fault(
    "contact-export-for-operators-alone",
    "The rule of the export compares the role with operator, and so leaves out who is above it.",
    kind="authorization",
    severity=1,
    finding="an administrator may not export contacts",
    rulings=("R-07",),
)
NAME_OPTIONAL = fault(
    "contact-without-a-name",
    "A placeholder stands in for a name that is not sent, since the import wanted that.",
    kind="correctness",
    severity=2,
    finding="a contact without a name is stored",
)
NULL_TAGS_ACCEPTED = fault(
    "contact-tags-as-null",
    "Tags that are null are taken for none.",
    kind="correctness",
    severity=2,
    finding="null is accepted where the contract wants a list",
)
NULL_BECOMES_TEXT = fault(
    "contact-null-becomes-empty-text",
    "Notes that are null are stored as an empty text, since a form cannot show null.",
    kind="data",
    severity=1,
    finding="notes that were null are an empty text when they are read again",
)
ID_FROM_CLIENT = fault(
    "contact-id-taken-from-client",
    "The whole body goes into the row, the id as well.",
    kind="authorization",
    severity=1,
    finding="whoever creates a contact chooses its id",
)
UNKNOWN_FIELD_REFUSED = fault(
    "contact-unknown-field-refused",
    "The model of a contact forbids fields that it does not have.",
    kind="correctness",
    severity=2,
    finding="a client that sends one field more cannot create a contact",
)
PAGES_OF_TWENTY = fault(
    "contact-pages-of-twenty",
    "The size of a page that nobody gave is that of the documents, 20.",
    kind="correctness",
    severity=2,
    finding="the first page has twenty contacts",
)
CHANGE_UNSHOWN = fault(
    "contact-change-answers-success-only",
    "A change of a contact answers as its deletion does, since one helper was made of two.",
    kind="correctness",
    severity=2,
    finding="a client that goes on with the changed contact gets none",
)
PHONE_UNIQUE = fault(
    "contact-phone-unique",
    "A constraint that no ruling asked for: a phone that is known is refused as a conflict.",
    kind="correctness",
    severity=2,
    finding="a second person under the same number cannot be added",
    rulings=("R-30",),
    excludes=("contact-created-is-an-older-one",),
)
EXISTING_ANSWERED = fault(
    "contact-created-is-an-older-one",
    "Creating a contact whose phone is known answers 201 with the contact that has it.",
    kind="data",
    severity=1,
    finding="a new contact is answered with somebody else's data and never stored",
    rulings=("R-30",),
)
NOTES_MOJIBAKE = fault(
    "contact-notes-mojibake",
    "The notes are encoded as UTF-8 and decoded as Latin-1 on their way to the database.",
    kind="data",
    severity=1,
    finding="a note with an accent comes back as two wrong characters for each",
)
ASTRAL_LOST = fault(
    "contact-name-loses-emoji",
    "A filter from the days of a database with three-byte UTF-8 drops every character beyond U+FFFF from names.",
    kind="data",
    severity=1,
    finding="a name comes back without its rarer characters",
)
DECOMPOSED = fault(
    "contact-name-decomposed",
    "Names are normalised to NFD, so ñ becomes n and a combining tilde: it looks the same and is not found.",
    kind="data",
    severity=2,
    finding="a contact with an ñ is not found by the name that it was given",
)
TAGS_CLEARED = fault(
    "contact-update-clears-tags",
    "A partial update of a contact writes every column, so the tags that the client did not send are emptied.",
    kind="data",
    severity=1,
    finding="a contact loses its tags when only its name is changed",
    rulings=("R-23",),
)
NULL_CLEARS = fault(
    "contact-update-null-clears",
    "A null in an update is written as it is.",
    kind="data",
    severity=1,
    finding="a form that sends its empty fields as null erases the contact's e-mail and notes",
    rulings=("R-23",),
)
PHONE_KEPT = fault(
    "contact-update-ignores-phone",
    "The phone is missing from the columns that an update writes.",
    kind="data",
    severity=1,
    finding="a corrected phone number is answered with 200 and not kept",
    rulings=("R-23",),
)
UPDATED_ONCE = fault(
    "contact-update-works-once",
    "The guard against lost updates compares with the moment of creation, so only a contact's first change finds its row.",
    kind="correctness",
    severity=1,
    finding="the second change of a contact is answered with 404",
    rulings=("R-23",),
)
UPDATED_AT_FROZEN = fault(
    "contact-updated-at-stands-still",
    "The answer to an update carries the moment of creation as the moment of the change.",
    kind="correctness",
    severity=3,
    finding="a changed contact says that it was never changed",
)
DELETE_ONLY_DETACHES = fault(
    "contact-delete-only-detaches",
    "Deleting a contact takes it off its lists and leaves it in the table.",
    kind="data",
    severity=1,
    finding="a contact whose deletion was answered with success can still be read",
)
SECOND_DELETE_SUCCEEDS = fault(
    "contact-delete-of-nobody-succeeds",
    "A deletion does not look at how many rows it removed.",
    kind="correctness",
    severity=3,
    finding="deleting a contact that does not exist is answered with success",
)
BOM_IS_PART_OF_HEADER = fault(
    "contact-import-trips-over-bom",
    "The import decodes plain UTF-8, so the byte order mark that Excel writes becomes part of the first column's name.",
    kind="correctness",
    severity=2,
    finding="a contact file saved by Excel is refused for lack of a column that it has",
    rulings=("R-24",),
)
UPPER_CASE_REFUSED = fault(
    "contact-import-refuses-upper-case-name",
    "The ending of the file's name is compared as it is.",
    kind="correctness",
    severity=3,
    finding="CONTACTOS.CSV is refused for not being CSV",
    rulings=("R-24",),
)
BLANK_EMAIL_FAILS = fault(
    "contact-import-fails-blank-email",
    "A blank e-mail cell is validated as an address.",
    kind="correctness",
    severity=2,
    finding="contacts without an e-mail are counted as errors and left out",
    rulings=("R-24",),
)
ENCODING_GUESSED = fault(
    "contact-import-guesses-encoding",
    "What is not UTF-8 is decoded as UTF-8 with replacement characters.",
    kind="data",
    severity=2,
    finding="a file in another encoding is imported with damaged names instead of refused",
    rulings=("R-24",),
)
UNDECODABLE_CRASHES = fault(
    "contact-import-crashes-on-latin1",
    "Nobody catches what the decoder raises.",
    kind="correctness",
    severity=2,
    finding="a file in another encoding is a server error",
    rulings=("R-24",),
    excludes=("contact-import-guesses-encoding",),
)
QUOTES_UNREAD = fault(
    "contact-import-splits-quoted-cells",
    "Lines are split at every comma, quoted or not.",
    kind="data",
    severity=2,
    finding="a quoted cell with a comma is cut, and its tags end up in the next column",
)
LAST_LINE_LOST = fault(
    "contact-import-loses-last-line",
    "The file is read up to its last line break, and what stands behind it is dropped.",
    kind="data",
    severity=1,
    finding="the last contact of a file without a final line break is neither imported nor counted",
)
ALL_OR_NOTHING = fault(
    "contact-import-all-or-nothing",
    "The rows are inserted together, so a bad one leaves out the good ones, which are counted as imported.",
    kind="data",
    severity=1,
    finding="an import reports rows that are not there",
)
HEADER_COUNTED = fault(
    "contact-import-counts-header",
    "The header row is counted in the total.",
    kind="correctness",
    severity=2,
    finding="imported and errors do not add up to the total",
)
KNOWN_PHONES_SKIPPED = fault(
    "contact-import-skips-known-phones",
    "Rows whose phone is known already, or stands in the file twice, are counted as errors.",
    kind="correctness",
    severity=2,
    finding="the second person of a household is left out of an import",
    rulings=("R-30",),
)
SEMICOLONS = fault(
    "contact-export-with-semicolons",
    "The export is written the way that one developer's spreadsheet likes it.",
    kind="correctness",
    severity=2,
    finding="the exported contacts are separated by semicolons, so other programs see one column",
)
EXPORT_TAKEN_FOR_ID = fault(
    "contact-export-taken-for-id",
    "The route with an id was moved above the export and takes its name for an id.",
    kind="correctness",
    severity=2,
    finding="/api/contacts/export answers that there is no such contact",
    rulings=("R-03",),
)
NEWEST_NOT_EXPORTED = fault(
    "contact-export-loses-a-row",
    "The first row is taken off the result to look whether there is any, and not put back.",
    kind="data",
    severity=1,
    finding="the exported file lacks the newest contact",
)
EXPORT_UNQUOTED = fault(
    "contact-export-unquoted",
    "Cells are joined with commas and nothing is quoted.",
    kind="data",
    severity=2,
    finding="an exported cell with a comma, a quote or a line break moves the ones after it",
)
EXPORT_IN_LATIN1 = fault(
    "contact-export-in-latin1",
    "The export is encoded as Latin-1 for an old spreadsheet and still declared as UTF-8.",
    kind="data",
    severity=2,
    finding="names with an accent are broken in the exported file",
)
LIST_IGNORED = fault(
    "contact-export-ignores-list",
    "The export forgets list_id and writes all contacts.",
    kind="data",
    severity=1,
    finding="exporting one list gives the data of everybody",
)
BAD_PHONE_DROPPED = fault(
    "contact-update-accepts-bad-phone",
    "An update drops a phone that fails the pattern and answers 200.",
    kind="correctness",
    severity=2,
    finding="an update with an invalid phone is answered as if it had been kept",
    rulings=("R-23",),
)
LIMIT_ZERO_CRASHES = fault(
    "contact-limit-zero-crashes",
    "The bounds of limit are not checked, and the number of the page is the offset divided by it.",
    kind="correctness",
    severity=2,
    finding="limit=0 is a server error",
    rulings=("R-22",),
)
SKIP_UNCHECKED = fault(
    "contact-skip-not-checked",
    "A negative skip is taken for none.",
    kind="correctness",
    severity=2,
    finding="skip=-1 is answered with the first page",
    rulings=("R-22",),
)
LIMIT_ONE_IGNORED = fault(
    "contact-limit-of-one-ignored",
    "Whether a limit was given is asked with > 1, so a page of one gets the default size.",
    kind="correctness",
    severity=2,
    finding="limit=1 gives ten contacts",
    rulings=("R-22",),
)
TOTAL_IGNORES_SEARCH = fault(
    "contact-total-ignores-search",
    "The total of the contact listing is counted without the search, so it disagrees with the rows.",
    kind="correctness",
    severity=2,
    finding="the contact listing says a total that its pages do not hold",
)
SEARCH_INDEX_LATE = fault(
    "contact-list-searched-by-late-index",
    "The list is searched in an index of its own, which is brought up to date every five minutes.",
    kind="data",
    severity=1,
    finding="a contact that was created a moment ago is not found in the list",
)
TOTAL_IGNORES_TAGS = fault(
    "contact-total-ignores-tags",
    "The total of the list is counted without the tags that were asked for.",
    kind="correctness",
    severity=2,
    finding="a list by tags promises pages that are empty",
)
PAST_END_MISSING = fault(
    "contact-page-past-end-not-found",
    "A page without rows is taken for a page that does not exist.",
    kind="correctness",
    severity=2,
    finding="who deletes the last contact of a page gets an error where an empty page was meant",
)
PAGES_OVERLAP = fault(
    "contact-pages-overlap",
    "The offset of the contact listing is counted from one row too early.",
    kind="correctness",
    severity=2,
    finding="the same contact is on two consecutive pages",
)
SORTED_ON_FIRST_PAGE = fault(
    "contact-pages-sorted-differently",
    "Only the first page is sorted; the others come as the table holds them.",
    kind="correctness",
    severity=2,
    finding="paging through the contacts shows some of them twice and others never",
    excludes=("contact-pages-overlap",),
)
TOTAL_COUNTS_MEMBERSHIPS = fault(
    "contact-total-counts-memberships",
    "The total of the contact listing is counted over a join, so a contact counts once for each list that it is on.",
    kind="correctness",
    severity=2,
    finding="the total of the contact listing is more than there are contacts",
)
ANY_TAG = fault(
    "contact-tags-any-of",
    "A contact is listed when it holds one of the tags instead of all.",
    kind="correctness",
    severity=3,
    finding="filtering by two tags shows contacts that hold only one",
)
SEARCH_TAKEN_FOR_ID = fault(
    "contact-search-taken-for-id",
    "The route with an id was moved above the fixed paths and takes the word search for an id.",
    kind="correctness",
    severity=2,
    finding="/api/contacts/search answers that there is no such contact",
    rulings=("R-03",),
)
COLUMN_NOT_MIGRATED = fault(
    "contact-column-not-migrated",
    "The build expects a column that no migration has added yet.",
    kind="data",
    severity=1,
    finding="every listing of contacts is a server error while /health is ok",
)
DATES_FOLLOW_LOCALE = fault(
    "contact-dates-follow-locale",
    "Dates are written the way of the client's language for the one locale that has a translation, es-MX.",
    kind="correctness",
    severity=2,
    finding="a Mexican browser gets dates that no program reads",
)
MASK_LEFT_OUT_OF_SEARCH = fault(
    "contact-search-unmasked",
    "The search answers with its rows as they are: masking was added to the listing only.",
    kind="authorization",
    severity=1,
    finding="a viewer who searches reads phone numbers that the list hides",
    rulings=("R-29",),
)
CACHED_ACROSS_ROLES = fault(
    "contact-cached-across-roles",
    "A contact is cached as the first reader saw it, under a key that knows nothing of who reads.",
    kind="authorization",
    severity=1,
    finding="after an operator looked at a contact, a viewer gets the operator's copy with the bare phone number",
    rulings=("R-29",),
)
FOUND_NOTHING_WITH_200 = fault(
    "contact-not-found-with-200",
    "The error object is returned instead of raised.",
    kind="correctness",
    severity=2,
    finding="an unknown contact is answered with 200 and an error in the body",
)
WILDCARDS_UNESCAPED = fault(
    "contact-search-wildcards-unescaped",
    "The search text goes into ILIKE as it is, so % and _ match anything.",
    kind="correctness",
    severity=3,
    finding="a search for a percent sign finds contacts that have none",
)
PASTED = fault(
    "contact-search-pasted-into-sql",
    "The search text is pasted into the statement instead of being sent beside it.",
    kind="authorization",
    severity=1,
    finding="a search with an apostrophe is a server error, and one that closes the quote reads what it likes",
)
COMMA_BREAKS = fault(
    "contact-search-breaks-on-comma",
    "The search is sent to the data REST as or=(name.ilike.*...*,...) without quotes, where commas and brackets have a meaning.",
    kind="correctness",
    severity=2,
    finding="a search for a surname, comma, first name is a server error",
)
CASE_OF_ASCII = fault(
    "contact-search-case-of-ascii",
    "The search compares lower cases that were made for ASCII letters only.",
    kind="correctness",
    severity=2,
    finding="MUÑOZ does not find Muñoz",
)
NAMES_ONLY = fault(
    "contact-search-only-in-names",
    "The search looks at names and no longer at e-mails and phones.",
    kind="correctness",
    severity=2,
    finding="a contact is not found by its e-mail or its phone",
)
