"""What can be wrong with tokens, roles, sign-in and limits."""

from functools import partial

from sandbox.faults import Fault, declare

fault = partial(declare, part="backend")


def token_accepted(name: str, sentence: str, finding: str, *, hides: tuple[str, ...] = ()) -> Fault:
    """A token that must be refused opens the API."""
    return fault(name, sentence, kind="authorization", severity=1, finding=finding, rulings=("R-05",), hides=hides)


NO_EXP_ACCEPTED = token_accepted(
    "token-no-exp-accepted",
    "The expiry claim is checked only when it is there.",
    "A signed token without exp is accepted for ever.",
)
SIGNATURE_NOT_CHECKED = token_accepted(
    "token-signature-not-checked",
    "A debugging aid was left in: tokens are decoded and not verified.",
    "A forged, unsigned or expired token opens the API.",
    # Where nothing of a token is verified, each of these opens the API as well.
    hides=(
        "token-alg-none-accepted",
        "token-algorithm-not-pinned",
        "token-audience-not-checked",
        "token-brings-its-own-key",
        "token-empty-key-accepted",
        "token-good-a-day-longer",
        "token-no-exp-accepted",
    ),
)
ALG_NONE_ACCEPTED = token_accepted(
    "token-alg-none-accepted",
    "The list of algorithms was copied from a tutorial and holds none.",
    "A token without any signature opens the API.",
)
EMPTY_KEY_ACCEPTED = token_accepted(
    "token-empty-key-accepted",
    "For the rotation of the key a second one is tried, and its variable is empty.",
    "Anybody can sign tokens with the empty key.",
)
KEY_FROM_HEADER = token_accepted(
    "token-brings-its-own-key",
    "RS256 was prepared: the key is taken from the token's own header (jwk).",
    "A token signed with a key that it carries itself opens the API.",
)
ALG_NOT_PINNED = token_accepted(
    "token-algorithm-not-pinned",
    "Whatever algorithm the header names is used with our key, instead of HS256 alone.",
    "A token that is signed with another algorithm than HS256 opens the API.",
)
AUDIENCE_NOT_CHECKED = token_accepted(
    "token-audience-not-checked",
    "The check of the audience was switched off to get past an error.",
    "A token that was made out for another service opens this one.",
)
EXPIRY_A_DAY_LATE = token_accepted(
    "token-good-a-day-longer",
    "The tolerance for clocks that disagree was meant to be a minute and is a day.",
    "A token that expired an hour ago still opens the API.",
)
MALFORMED_CRASHES = fault(
    "token-malformed-crashes",
    "The parts of a token are unpacked by hand before the library looks at them, and nobody catches what goes wrong there.",
    kind="correctness",
    severity=1,
    finding="A token that is none is answered with 500 and the exception's text, instead of 401.",
    rulings=("R-05", "R-28"),
)
CONTACTS_WITHOUT_TOKEN = fault(
    "contacts-readable-without-token",
    "A public prefix for a landing page was written too short and exempts /api/contacts from the layer.",
    kind="authorization",
    severity=1,
    finding="Personal data is served without a token, or the path answers something other than 401.",
)
LAYER_FORGETS_DELETE = fault(
    "layer-forgets-deletions",
    "The layer has a list of the methods that need a token, and DELETE is not in it; the endpoints rely on the layer.",
    kind="authorization",
    severity=1,
    finding="Anybody may delete: DELETE without a token is carried out.",
    rulings=("R-07",),
)
LAYER_FORGETS_HEAD = fault(
    "layer-forgets-head",
    "The layer lets HEAD pass as if it were a probe.",
    kind="authorization",
    severity=3,
    finding="HEAD without a token tells which paths exist, where every other method is 401.",
)
REFUSAL_TELLS_EXCEPTION = fault(
    "refusal-tells-exception",
    "The refusals of the layer are put together from the exception as Python writes it.",
    kind="configuration",
    severity=1,
    finding="A stranger without a token reads the name of an exception of the code.",
    rulings=("R-28",),
)
REFUSAL_WITHOUT_REASON = fault(
    "refusal-without-reason",
    "The refusals of the layer lost their body in a rewrite: 401 and nothing else.",
    kind="correctness",
    severity=2,
    finding="A 401 has no body, so the frontend cannot say what is wrong.",
    rulings=("R-06",),
)
FORBIDDEN_IN_ENGLISH = fault(
    "forbidden-in-english",
    "The refusal of a role has the framework's own word for it.",
    kind="correctness",
    severity=3,
    finding="A 403 says Forbidden to people who read Spanish.",
    rulings=("R-07",),
)
FORBIDDEN_AS_NOT_FOUND = fault(
    "forbidden-as-not-found",
    "Whoever may not do something is told that it does not exist.",
    kind="correctness",
    severity=2,
    finding="A viewer who may not write is answered 404 instead of 403.",
    rulings=("R-07",),
)
ROLES_NOT_ASKED_FOR_DELETE = fault(
    "viewer-may-delete",
    "Roles are checked for POST, PUT and PATCH, which is what the first version had.",
    kind="authorization",
    severity=1,
    finding="A viewer may delete contacts and campaigns, and may do nothing else that is not allowed.",
    rulings=("R-07",),
)
OPERATOR_IS_ADMIN = fault(
    "operator-taken-for-admin",
    "The endpoints for administrators ask whether the caller is staff.",
    kind="authorization",
    severity=1,
    finding="An operator may clear the caches and delete campaigns.",
    rulings=("R-07",),
)
OPERATOR_IS_VIEWER = fault(
    "operator-taken-for-viewer",
    "The role was renamed to agent in the code and not in user_roles.",
    kind="authorization",
    severity=1,
    finding="Operators may only look: all their writes are 403.",
    rulings=("R-07",),
    excludes=("operator-taken-for-admin",),
)
NO_ROLES = fault(
    "no-roles-at-all",
    "Signing in is all that is asked for: no endpoint looks at the role of its caller.",
    kind="authorization",
    severity=1,
    finding="Whoever has an account does and sees everything: a viewer writes, exports, and reads unmasked telephone numbers.",
    rulings=("R-07",),
    hides=(
        "viewer-may-*",
        "viewer-sees-phones",
        "operator-sees-masked-phones",
        "operator-taken-for-*",
        "role-from-user-metadata",
        "self-registered-may-write",
        "forbidden-*",
        "*-unmasked",
        "contact-cached-across-roles",
        "contacts-kept-for-the-next-person",
    ),
)
ROLE_OF_METADATA = fault(
    "role-from-user-metadata",
    "The role is read from user_metadata first, which users change themselves.",
    kind="authorization",
    severity=1,
    finding="A viewer whose own metadata says admin is one.",
    rulings=("R-07",),
)
USER_MAY_WRITE = fault(
    "self-registered-may-write",
    "Only the role viewer is refused, and who registers gets the role user.",
    kind="authorization",
    severity=1,
    finding="Whoever registers may write contacts and campaigns.",
    rulings=("R-08",),
)
CALLBACKS_WITHOUT_TOKEN = fault(
    "json-callbacks-without-token",
    "The callbacks that speak JSON were exempted like those that are signed, and they are not signed.",
    kind="authorization",
    severity=1,
    finding="Anybody can end a call with a line of JSON.",
    rulings=("R-14",),
)
ME_IS_LAST_SIGN_IN = fault(
    "me-is-last-sign-in",
    "One client of the identity provider is shared by all requests and keeps the session of whoever signed in last.",
    kind="authorization",
    severity=1,
    finding="/api/auth/me describes another person than the one whose token was sent.",
)
SIGN_OUT_EVERYWHERE = fault(
    "logout-ends-all-sessions",
    "Signing out leaves the provider's default scope, which is global.",
    kind="correctness",
    severity=2,
    finding="Signing out on one device ends the sessions on all others.",
)
LIMITS_NOT_ANNOUNCED = fault(
    "rate-limit-not-announced",
    "The proxy's limiter was taken instead of our own, and it says nothing about itself.",
    kind="configuration",
    severity=2,
    finding="No answer carries X-RateLimit headers, so nobody can tell whether requests are limited.",
    rulings=("R-09",),
)
NO_LIMITS = fault(
    "no-limits-at-all",
    "Neither requests nor failed sign-ins are limited: the limits were switched off for a load test, and never back on.",
    kind="configuration",
    severity=1,
    finding="No answer names a limit, and passwords can be guessed without end.",
    rulings=("R-09", "R-10"),
    hides=("rate-limit-*", "health-rate-limited", "client-address-believed", "login-lock*", "login-never-locks"),
)
COUNTS_PER_PROCESS = fault(
    "rate-limit-counts-per-process",
    "Each of two workers counts for itself instead of in Redis.",
    kind="correctness",
    severity=2,
    finding="What is left does not become less with each request: twice as many as allowed are served.",
    rulings=("R-09",),
)
REFUSED_NOT_COUNTED = fault(
    "rate-limit-behind-authentication",
    "The limit stands behind the authentication layer, so that what the layer refuses is not counted.",
    kind="configuration",
    severity=2,
    finding="Tokens can be guessed without limit: refused requests are not counted.",
    rulings=("R-09",),
)
OTHER_LIMIT = fault(
    "rate-limit-of-the-example",
    "The limit that is announced was typed in from the example file, whatever this environment is configured with.",
    kind="configuration",
    severity=2,
    finding="X-RateLimit-Limit is another number than the environment's.",
    rulings=("R-09",),
    excludes=("rate-limit-not-announced",),
)
HEALTH_COUNTED = fault(
    "health-rate-limited",
    "The exemption of /health was lost when the limit moved to another layer.",
    kind="availability",
    severity=2,
    finding="/health is counted against the limit, so that probes of a busy address get 429 and the container is restarted.",
    rulings=("R-09",),
)
NEVER_LOCKS = fault(
    "login-never-locks",
    "The counter of failed sign-ins is kept and nobody reads it.",
    kind="authorization",
    severity=1,
    finding="The seventh wrong password in a row is still 401: passwords can be guessed without end.",
    rulings=("R-10",),
)
LOCKS_TOO_EARLY = fault(
    "login-locks-after-two",
    "The lock was set to two mistakes for a demonstration of it.",
    kind="configuration",
    severity=2,
    finding="The third wrong password locks the account: people call the support.",
    rulings=("R-10",),
    excludes=("login-never-locks",),
)
LOCKS_AT_ONCE = fault(
    "login-locks-at-once",
    "The failure that is being counted is compared with the limit before the limit is read, so that any is too many.",
    kind="correctness",
    severity=2,
    finding="One wrong password locks the account: people call the support.",
    rulings=("R-10",),
    excludes=("login-never-locks", "login-locks-after-two"),
)
LOCKS_FOR_A_DAY = fault(
    "login-locks-for-a-day",
    "The length of the lock is given in minutes where seconds are read, or the other way round: it lasts a day.",
    kind="configuration",
    severity=2,
    finding="Retry-After of a locked sign-in is a day instead of at most 15 minutes.",
    rulings=("R-10",),
)
LOCK_SAYS_NOTHING = fault(
    "login-lock-without-retry-after",
    "The refusal of a locked sign-in lost its headers.",
    kind="correctness",
    severity=2,
    finding="A locked sign-in does not say when to try again.",
    rulings=("R-10",),
)
LOCK_COUNTS_SUCCESSES = fault(
    "login-lock-counts-successes",
    "Each sign-in is counted, and nobody asks whether it succeeded.",
    kind="correctness",
    severity=1,
    finding="Whoever signs in six times within an hour is locked out.",
    rulings=("R-10",),
)
LOCKS_THE_ADDRESS = fault(
    "login-locks-the-address",
    "The lock forgets the e-mail: what one account did wrong is held against everybody who comes from its address.",
    kind="correctness",
    severity=1,
    finding="A colleague's mistakes lock the whole office out.",
    rulings=("R-10",),
)
LOGIN_WORKS_ONCE = fault(
    "login-works-once",
    "A guard against double submission holds the e-mail for a minute instead of a moment.",
    kind="correctness",
    severity=1,
    finding="The second sign-in with the same good credentials within a minute fails.",
)
LOGIN_REVEALS_ACCOUNTS = fault(
    "login-reveals-accounts",
    "The refusal of a sign-in says whether the e-mail has an account.",
    kind="authorization",
    severity=2,
    finding="An unknown e-mail is refused in other words than a wrong password, so accounts can be listed.",
)
LOGIN_LOGS_PASSWORD = fault(
    "login-logs-password",
    "A line that helped to debug a failing sign-in was left in: it logs the credentials.",
    kind="observability",
    severity=1,
    finding="The log holds the passwords of everybody who signs in.",
)
ME_TRUSTS_THE_LAYER = fault(
    "me-trusts-the-layer",
    "The endpoint takes the caller that the authentication layer found, and on a public prefix the layer does not look.",
    kind="correctness",
    severity=2,
    finding="/api/auth/me without a token is a server error instead of 401.",
    hides=("me-refused-without-reason",),
)
LOGOUT_KEEPS_SESSION = fault(
    "logout-keeps-session",
    "Signing out answers success without telling the identity provider.",
    kind="authorization",
    severity=1,
    finding="The refresh token goes on working after logout.",
)
REFUSED_WITH_200 = fault(
    "login-refused-with-200",
    "A refused sign-in is a message for the user, so it was made a success: 200, and the error in the body.",
    kind="correctness",
    severity=2,
    finding="A wrong password is answered with 200; clients that look at the status go on without a token.",
    rulings=("R-06",),
)
ME_WITHOUT_REASON = fault(
    "me-refused-without-reason",
    "The refusal of /api/auth/me lost its text when the messages were moved to another file.",
    kind="correctness",
    severity=3,
    finding="A 401 of an auth endpoint has an empty message.",
    rulings=("R-06",),
)
OPERATOR_ROLE_RENAMED = fault(
    "operator-told-as-agent",
    "The roles of the second model are told for one role: an operator is an agent.",
    kind="correctness",
    severity=2,
    finding="/api/auth/me of an operator, and of nobody else, names a role that the frontend does not know.",
    rulings=("R-07",),
)
REGISTRATION_TAKES_ROLE = fault(
    "registration-takes-a-role",
    "The body of a registration is written into the account as it comes, a field `role` included.",
    kind="authorization",
    severity=1,
    finding="Whoever registers chooses a role, admin included.",
    rulings=("R-08",),
)
REGISTRATION_GIVES_OPERATOR = fault(
    "registration-gives-operator",
    "The default role of a registration was raised for a demonstration.",
    kind="authorization",
    severity=1,
    finding="Whoever registers is an operator.",
    rulings=("R-08",),
    excludes=("registration-takes-a-role",),
)
OUTAGE_TELLS_EXCEPTION = fault(
    "login-outage-tells-exception",
    "When the identity provider is away, the exception's text is appended to the message.",
    kind="configuration",
    severity=2,
    finding="A failed sign-in shows the address of the identity provider.",
    rulings=("R-28",),
)
