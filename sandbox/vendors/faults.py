"""What can be wrong at the vendors, or with our accounts there."""

from functools import partial

from sandbox.faults import declare

supabase_fault = partial(declare, part="supabase")
twilio_fault = partial(declare, part="twilio")

AUTH_DOWN = supabase_fault(
    "supabase-auth-down",
    "The auth service does not answer; the gateway in front of it does.",
    kind="vendor",
    severity=1,
    finding="nobody can sign in: /auth/v1 answers 503",
    # What a login does with an answer of it.
    hides=("login-closes-its-client", "login-fails-for-everybody", "login-refuses-everybody", "login-works-once"),
)
AUTH_SLOW = supabase_fault(
    "supabase-auth-slow",
    "The auth service takes 1.5 seconds for everything.",
    kind="vendor",
    severity=2,
    finding="signing in takes seconds; the time is spent at the auth service, not in the backend",
)
REFRESH_TOKEN_REUSABLE = supabase_fault(
    "refresh-token-reusable",
    "A used refresh token goes on working, for ever and not only in the seconds that a second tab may need.",
    kind="authorization",
    severity=1,
    finding="a refresh token that was used twice over buys a session of its own: a stolen one is good for ever",
)
SIGN_OUT_IGNORED = supabase_fault(
    "sign-out-ignored",
    "Signing out answers well and leaves the session alive.",
    kind="authorization",
    severity=1,
    finding="the refresh token of a closed session still works",
)
PASSWORD_NOT_CHECKED = supabase_fault(
    "password-not-checked",
    "For a demonstration any password was let in, and that was never taken back.",
    kind="authorization",
    severity=1,
    finding="a wrong password signs in",
)
REFRESH_TOKEN_STAYS = supabase_fault(
    "refresh-token-not-rotated",
    "Rotation of refresh tokens is switched off in the auth settings.",
    kind="authorization",
    severity=2,
    finding="renewing a session gives the same refresh token again",
)
RECOVERY_REVEALS_ACCOUNTS = supabase_fault(
    "recovery-reveals-accounts",
    "Asking to recover a password says whether the e-mail has an account.",
    kind="authorization",
    severity=2,
    finding="password recovery answers unknown and known e-mails differently, so that anyone can find out who is a user",
)
ADMIN_API_OPEN = supabase_fault(
    "supabase-accounts-listed",
    "A patch of the auth service takes any of the project's keys for the administration of accounts.",
    kind="authorization",
    severity=1,
    finding="the key that is in every browser lists all accounts with their e-mails",
)
RLS_BYPASSED = supabase_fault(
    "supabase-rls-bypassed",
    "The data API works as service_role for everybody, so that no row-level policy applies.",
    kind="authorization",
    severity=1,
    finding="the anonymous key reads rows of contacts and campaigns",
    rulings=("R-17",),
    hides=(
        "supabase-rls-off-*",
        "supabase-contacts-open-to-viewers",
        "supabase-profiles-open-to-viewers",
        "supabase-anonymous-may-insert",
        "supabase-roles-writable",
    ),
)
RLS_OFF_ON_HISTORY = supabase_fault(
    "supabase-rls-off-on-call-history",
    "The table of the transcripts was made by hand in the console, where row-level security is off.",
    kind="authorization",
    severity=1,
    finding="what people said in their calls is readable with the key that is in every browser",
    rulings=("R-17",),
)
CONTACTS_OPEN_TO_SIGNED_IN = supabase_fault(
    "supabase-contacts-open-to-viewers",
    "The policy on contacts asks whether somebody is signed in, and not as what.",
    kind="authorization",
    severity=1,
    finding="a viewer reads unmasked phone numbers past the API",
    rulings=("R-17",),
)
PROFILES_OPEN_TO_SIGNED_IN = supabase_fault(
    "supabase-profiles-open-to-viewers",
    "The policy on profiles lets whoever is signed in read them, so that a page can show the names of colleagues.",
    kind="authorization",
    severity=1,
    finding="a viewer reads the profiles of everybody",
    rulings=("R-17",),
)
ANONYMOUS_MAY_INSERT = supabase_fault(
    "supabase-anonymous-may-insert",
    "A form of the web site needed to store contacts, and its policy says WITH CHECK (true) for everybody.",
    kind="authorization",
    severity=1,
    finding="anybody on the internet may add contacts, who are then called",
    rulings=("R-17",),
)
ROLES_WRITABLE = supabase_fault(
    "supabase-roles-writable",
    "The policy on user_roles lets whoever is signed in insert rows.",
    kind="authorization",
    severity=1,
    finding="a viewer may give roles to anybody, themselves included",
    rulings=("R-17",),
)
TWILIO_DOWN = twilio_fault(
    "twilio-down",
    "Twilio answers 503 to everything.",
    kind="vendor",
    severity=1,
    finding="no call can be placed: the vendor answers 503, code 20503",
)
CREDENTIALS_REVOKED = twilio_fault(
    "twilio-credentials-revoked",
    "The auth token was rotated at Twilio and nobody told the deployment.",
    kind="configuration",
    severity=1,
    finding="Twilio refuses the account's credentials: 401, code 20003",
)
NUMBER_ON_DEMO_URL = twilio_fault(
    "twilio-number-on-demo-url",
    "The purchased number still asks Twilio's demo page what to say.",
    kind="configuration",
    severity=1,
    finding="the number's voice_url is the vendor's demo page and not our webhook",
)
BALANCE_SPENT = twilio_fault(
    "twilio-balance-spent",
    "The account has no money left.",
    kind="vendor",
    severity=2,
    finding="the balance of the Twilio account is 0.00",
)
ACCOUNT_SUSPENDED = twilio_fault(
    "twilio-account-suspended",
    "Twilio suspended the account for a bill that nobody paid.",
    kind="vendor",
    severity=1,
    finding="the account's status is suspended and every request is refused with 403, code 20005",
)
OTHER_PROJECT = twilio_fault(
    "twilio-credentials-of-another-project",
    "The credentials are valid and belong to another project of the company.",
    kind="configuration",
    severity=1,
    finding="the number that the deployment calls from is not one of the account's",
)
NUMBER_WITHOUT_VOICE = twilio_fault(
    "twilio-number-without-voice",
    "A number for text messages was bought.",
    kind="configuration",
    severity=1,
    finding="the number has no voice capability",
)
STATUS_BY_GET = twilio_fault(
    "twilio-status-callback-by-get",
    "The number's status callback was left on GET.",
    kind="configuration",
    severity=2,
    finding="status_callback_method is GET, and our webhook answers that with 405",
)
STATUS_TO_STAGING = twilio_fault(
    "twilio-status-callback-elsewhere",
    "The number still reports to the staging deployment.",
    kind="configuration",
    severity=2,
    finding="the number's status_callback is another deployment's",
)
GEOGRAPHIC_PERMISSION_MISSING = twilio_fault(
    "twilio-geographic-permission-missing",
    "The countries to call were never enabled for the new account.",
    kind="configuration",
    severity=1,
    finding="no call to this country can be placed: 400, code 21215",
)
