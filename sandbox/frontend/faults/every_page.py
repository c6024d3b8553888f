"""What can be wrong in what every page has: document, header, style, and what a page loads."""

from sandbox.frontend.faults.edits import BEHIND_SIGN_IN, IN_DATA, IN_THE_SIGN_IN, Edit, edited

edited(
    "page-title-missing",
    "The document's title was left empty.",
    Edit("templates/document.html", "Sistema de Automatización de Llamadas{% endblock %}</title>", "{% endblock %}</title>"),
    severity=2,
    finding="tabs, bookmarks and screen readers have no name for the page",
)
edited(
    "header-script-throws",
    "The script of the header calls a service that is only there in development.",
    Edit("static/shell.js", "showFlashes();\nkeepFresh();", "showFlashes();\nwindow.analytics.page();\nkeepFresh();"),
    severity=1,
    finding="the header's script dies on load, so its buttons stay dead",
)
edited(
    "style-from-another-host",
    "A stylesheet with fonts comes from a public CDN, which the content security policy forbids.",
    Edit(
        "templates/document.html",
        '<link rel="stylesheet" href="/static/foundation.css">',
        '<link rel="stylesheet" href="https://cdn.example/inter.css">\n  <link rel="stylesheet" href="/static/foundation.css">',
    ),
    severity=2,
    finding="the pages ask a foreign host for a stylesheet",
)
edited(
    "dashboard-loads-over-http",
    "A script's address was put together with http, behind a proxy that ends TLS.",
    Edit(
        "templates/dashboard.html",
        "{{ super() }}",
        '{{ super() }}<script src="http://{{ request.url.netloc }}/static/wake.js" type="module"></script>',
    ),
    severity=1,
    finding="the browser refuses a script of the dashboard because it comes over http",
    hides=(  # what the cards show is not trusted while a script of the page is missing
        "dashboard-cards-swapped",
        "dashboard-counts-finished-calls",
        "dashboard-follows-the-browsers-language",
        "dashboard-mean-read-as-spanish",
        "dashboard-rate-divided-again",
    ),
)
edited(
    "phone-taps-swallowed",
    "On phones the region of the toasts covers the whole screen, invisibly, and takes every tap.",
    Edit(
        "static/overlays.css",
        ".toast {",
        "@media (width < 640px) {\n  .toasts {\n    bottom: 16px;\n    pointer-events: auto;\n  }\n}\n\n.toast {",
    ),
    severity=1,
    finding="on a phone no button can be pressed",
)
edited(
    "session-script-missing",
    "A script that every page imports got a new name in the build, and its file was not shipped.",
    *(Edit(f"static/{file}.js", 'from "./session.js"', 'from "./session.8c1d4e.js"') for file in ("api", "login", "shell")),
    severity=1,
    finding="a script is missing, and with it every page is dead",
    hides=(*IN_THE_SIGN_IN, *BEHIND_SIGN_IN, "login-form-submits-itself"),
)
edited(
    "page-policy-forbids-scripts",
    "The layout brings a content security policy of its own, which lists a CDN that the product no longer uses.",
    Edit(
        "templates/document.html",
        '<meta charset="utf-8">',
        '<meta charset="utf-8">\n  <meta http-equiv="Content-Security-Policy" content="script-src https://cdn.example">',
    ),
    severity=1,
    finding="the browser refuses the product's own scripts, and every page is dead",
    hides=(*IN_THE_SIGN_IN, *BEHIND_SIGN_IN, "login-form-submits-itself", "session-script-missing", "pages-load-web-statistics"),
)
edited(
    "pages-send-no-token",
    "The client of the API was rewritten, and its requests carry no token.",
    Edit(
        "static/api.js",
        "const headers = { Authorization: `Bearer ${await tokenOrLogin()}` };",
        "await tokenOrLogin();\n  const headers = {};",
    ),
    severity=1,
    finding="the pages call the API without a token and are refused",
    hides=IN_DATA,
)
edited(
    "pages-load-web-statistics",
    "The pages load a script for web statistics from a public host.",
    Edit(
        "templates/document.html",
        '<script id="config"',
        '<script async src="https://stats.example/collect.js"></script>\n  <script id="config"',
    ),
    severity=2,
    finding="the pages ask a foreign host for a script",
)
edited(
    "api-failures-retried",
    "A failed call to the API is repeated three times, for ten seconds, before the page says so.",
    Edit(
        "static/api.js",
        "const answer = await fetch(config.apiUrl + path, { method, headers, body: form ?? JSON.stringify(json) });",
        """const send = () => fetch(config.apiUrl + path, { method, headers, body: form ?? JSON.stringify(json) });
  let answer = await send();
  for (const pauseS of [1, 3, 6]) {
    if (answer.status < 500) break;
    await new Promise((then) => setTimeout(then, pauseS * 1000));
    answer = await send();
  }""",
    ),
    severity=3,
    finding="nothing that a check may name: a page may try again, and has to be judged when it has done so",
)
edited(
    "pages-without-h1",
    "The titles of the pages are styled text, and none is marked up as a heading.",
    Edit(
        "templates/login.html", "<h1>Sistema de Automatización de Llamadas</h1>", "<p>Sistema de Automatización de Llamadas</p>"
    ),
    Edit("templates/dashboard.html", "<h1>Dashboard</h1>", "<p>Dashboard</p>"),
    Edit("templates/contacts.html", "<h1>Contactos</h1>", "<p>Contactos</p>"),
    Edit("templates/new_contact.html", "<h1>Nuevo Contacto</h1>", "<p>Nuevo Contacto</p>"),
    severity=3,
    finding="no page has an h1",
)
edited(
    "messages-not-announced",
    "Messages of failure are shown and have no role, so that a screen reader stays silent.",
    Edit("templates/login.html", ' class="alert" role="alert" hidden', ' class="alert" hidden'),
    Edit("static/fields.js", 'element.setAttribute("role", "alert");\n', ""),
    Edit("static/toasts.js", 'element.setAttribute("role", kind === "error" ? "alert" : "status");\n', ""),
    severity=3,
    finding="no failure is announced",
)
edited(
    "frontend-of-another-release",
    "The frontend of the release before was deployed: other title, other labels, other buttons.",
    Edit("templates/document.html", "Sistema de Automatización de Llamadas{% endblock", "Central de Llamadas{% endblock"),
    Edit("templates/login.html", "Inicia sesión para continuar", "Bienvenido de nuevo"),
    Edit("templates/login.html", ">Correo Electrónico<", ">Usuario<"),
    Edit("templates/login.html", ">Contraseña<", ">Clave<"),
    Edit("templates/login.html", "disabled data-asleep>Iniciar Sesión<", "disabled data-asleep>Entrar<"),
    Edit("templates/contacts.html", "{{ icons.upload() }}Importar", "{{ icons.upload() }}Cargar"),
    severity=2,
    excludes=("page-title-missing",),
    finding="the pages have the texts of another release",
)
edited(
    "login-left-in-english",
    "The texts of the login page were never translated.",
    Edit("templates/login.html", "<p>Inicia sesión para continuar</p>", "<p>Sign in to continue</p>"),
    Edit("templates/login.html", '<label for="email">Correo Electrónico', '<label for="email">Email'),
    Edit("templates/login.html", '<label for="password">Contraseña', '<label for="password">Password'),
    Edit("templates/login.html", "data-asleep>Iniciar Sesión</button>", "data-asleep>Sign in</button>"),
    severity=2,
    excludes=("frontend-of-another-release",),
    finding="the Spanish login page holds English texts",
)
