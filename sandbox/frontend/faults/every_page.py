"""What can be wrong in what every page has: document, header, style, and what a page loads."""

from sandbox.frontend.faults.edits import Edit, edited

edited(
    "page-title-missing",
    "The document's title was left empty.",
    Edit("templates/document.html", "Sistema de Automatización de Llamadas{% endblock %}</title>", "{% endblock %}</title>"),
    severity=3,
    finding="tabs, bookmarks and screen readers have no name for the page",
)
edited(
    "header-script-throws",
    "The script of the header calls a service that is only there in development.",
    Edit("static/shell.js", "showFlashes();\nkeepFresh();", "showFlashes();\nwindow.analytics.page();\nkeepFresh();"),
    severity=2,
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
    severity=2,
    finding="the browser refuses a script of the dashboard because it comes over http",
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
