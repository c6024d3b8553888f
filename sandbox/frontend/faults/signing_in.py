"""What can be wrong in signing in, in the session, and in signing out."""

from sandbox.frontend.faults.edits import BEHIND_SIGN_IN, IN_THE_SIGN_IN, Edit, edited

edited(
    "login-form-submits-itself",
    "The form is a GET form and its script forgot to keep the browser from sending it.",
    Edit("templates/login.html", 'method="post"', 'method="get"'),
    Edit("static/login.js", "event.preventDefault();\n  alert.hidden", "alert.hidden"),
    severity=1,
    finding="the password stands in the address, in the browser's history and in every log on the way",
    hides=("sign-in-ends-on-missing-page", "sign-in-reloads-the-form"),
)
edited(
    "login-follows-any-redirect",
    "After signing in the page goes wherever the redirect parameter says.",
    Edit(
        "static/session.js",
        'return url.origin === location.origin ? url.pathname + url.search + url.hash : "/";',
        'return target || "/";',
    ),
    kind="authorization",
    severity=1,
    rulings=("R-26",),
    finding="a link to /login leads to another site after signing in",
)
edited(
    "login-redirect-checked-by-its-slash",
    "A redirect counts as a path of this site when it begins with a slash, and so does //elsewhere.",
    Edit(
        "static/session.js",
        'return url.origin === location.origin ? url.pathname + url.search + url.hash : "/";',
        'return target?.startsWith("/") ? target : "/";',
    ),
    kind="authorization",
    severity=1,
    rulings=("R-26",),
    excludes=("login-follows-any-redirect",),
    finding="a link to /login?redirect=//elsewhere leads to another site after signing in",
)
edited(
    "login-ignores-the-way-back",
    "The guard writes `redirect` into the address and the login page reads `next`.",
    Edit("static/login.js", '.get("redirect")', '.get("next")'),
    severity=3,
    rulings=("R-26",),
    finding="after signing in everybody ends at the dashboard",
    hides=("login-follows-any-redirect", "login-redirect-checked-by-its-slash"),
)
edited(
    "login-dead-on-first-click",
    "What handles the form is fetched when it is first submitted, and that first time is lost.",
    Edit(
        "static/login.js",
        'form.addEventListener("submit", submit);',
        """form.addEventListener("submit", (event) => {
  event.preventDefault();
  form.addEventListener("submit", submit);
}, { once: true });""",
    ),
    severity=2,
    finding="the first press of the sign-in button does nothing",
)
edited(
    "login-shows-the-vendors-error",
    "The page shows what the identity provider says, in English.",
    Edit(
        "static/session.js",
        'content.error_code === "invalid_credentials" ? "Credenciales inválidas" : (content.msg ?? "")',
        'content.msg ?? ""',
    ),
    Edit("static/login.js", '? "Credenciales inválidas. Por favor, intenta de nuevo."', "? error.message"),
    severity=3,
    finding="a wrong password is answered with the vendor's English text",
)
edited(
    "login-wants-eight-characters",
    "The rule for new passwords was copied to the login form, where older passwords have six characters.",
    Edit("static/login.js", "value.length >= 6", "value.length >= 8"),
    severity=2,
    rulings=("R-27",),
    finding="whoever has a password of six or seven characters can no longer sign in",
)
edited(
    "login-takes-any-length",
    "The rule of six characters was dropped from the login form when the one of eight came to the form of registration.",
    Edit("static/login.js", "value.length >= 6", "value.length >= 1"),
    severity=3,
    rulings=("R-27",),
    excludes=("login-wants-eight-characters",),
    finding="a password that cannot be right is sent, and counts towards the lock",
)
edited(
    "field-errors-not-tied",
    "Messages stand under their fields for the eye only: nothing ties them to the field.",
    Edit("static/fields.js", 'field.setAttribute("aria-describedby", id);', ""),
    severity=3,
    finding="a screen reader does not say what is wrong with a field",
)
edited(
    "expired-session-shows-an-error",
    "An answer 401 is treated as any other failure.",
    Edit("static/api.js", "if (answer.status === 401) return leave();", ""),
    severity=2,
    finding="an expired session shows an error instead of /login",
)
edited(
    "expired-session-loops",
    "Whoever is sent to /login because of a 401 keeps the session there, and is sent back by it.",
    Edit("static/api.js", "function leave() {\n  forget();", "function leave() {"),
    severity=1,
    excludes=("expired-session-shows-an-error",),
    finding="an expired session goes to and fro between /login and the page",
)
edited(
    "sign-out-only-leaves-the-page",
    "Signing out goes to /login and ends nothing.",
    Edit("static/shell.js", "await signOut();", ""),
    kind="authorization",
    severity=1,
    finding="after signing out the pages still open",
)
edited(
    "login-fields-unread",
    "The fields of the login form are bound to a state that typing does not change.",
    Edit("static/login.js", "if (!validated(form, rules)) return;", "form.reset();\n  if (!validated(form, rules)) return;"),
    severity=1,
    finding="whatever is typed, the form says that its fields are empty, and nobody can sign in",
    hides=tuple(name for name in (*IN_THE_SIGN_IN, *BEHIND_SIGN_IN) if name != "login-fields-unread"),
)
edited(
    "sign-in-ends-on-missing-page",
    "After signing in the page goes to a path of an earlier release.",
    Edit("static/login.js", "location.assign(safeRedirect(redirect));", 'location.assign("/panel");'),
    severity=1,
    finding="signing in ends on a page that does not exist",
    hides=("login-follows-any-redirect", "login-ignores-the-way-back", "login-redirect-checked-by-its-slash"),
)
edited(
    "sign-in-reloads-the-form",
    "After signing in the login page is loaded again, and says nothing.",
    Edit("static/login.js", "location.assign(safeRedirect(redirect));", 'location.assign("/login");'),
    severity=1,
    excludes=("sign-in-ends-on-missing-page",),
    finding="signing in leads back to the form, although the session is there",
    hides=("login-follows-any-redirect", "login-ignores-the-way-back", "login-redirect-checked-by-its-slash"),
)
