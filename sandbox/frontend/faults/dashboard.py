"""What can be wrong in the figures of the dashboard."""

from sandbox.frontend.faults.edits import Edit, edited

edited(
    "dashboard-never-rests",
    "Each answer starts the next question: the dashboard polls without a pause.",
    Edit(
        "static/dashboard.js",
        'metrics.removeAttribute("aria-busy");',
        'metrics.removeAttribute("aria-busy");\n  setTimeout(load);',
    ),
    severity=2,
    finding="an open dashboard loads the API as fast as it answers",
)
edited(
    "dashboard-counts-finished-calls",
    "The total is put together from the completed and the failed calls.",
    Edit(
        "static/dashboard.js",
        "const { summary, period } = await report;",
        "const { summary, period } = await report;\n    summary.total_calls = summary.completed_calls + summary.failed_calls;",
    ),
    kind="data",
    severity=2,
    finding="the dashboard counts fewer calls than the report",
)
edited(
    "dashboard-cards-swapped",
    "Two cards carry each other's title.",
    Edit(
        "templates/dashboard.html",
        '("completed_calls", "Llamadas completadas"),\n    ("failed_calls", "Llamadas fallidas"),',
        '("failed_calls", "Llamadas completadas"),\n    ("completed_calls", "Llamadas fallidas"),',
    ),
    kind="data",
    severity=2,
    finding="completed calls are shown as failed",
)
edited(
    "dashboard-rate-divided-again",
    "The rate is taken for a fraction, and the API already sends a percentage.",
    Edit(
        "static/dashboard.js",
        "success_rate: (value) => `${number.format(value)} %`",
        "success_rate: (value) => `${number.format(value / 100)} %`",
    ),
    kind="data",
    severity=2,
    finding="the success rate is shown a hundred times too small",
)
edited(
    "dashboard-mean-read-as-spanish",
    "The calls a day are written by the browser's language and read again as Spanish, to drop their zeros.",
    Edit(
        "static/dashboard.js",
        "avg_duration: (value)",
        """calls_per_day: (value) => String(Number(value.toLocaleString().replaceAll(".", "").replace(",", "."))),
  avg_duration: (value)""",
    ),
    kind="data",
    severity=2,
    finding="in a browser set to English or Mexican Spanish there are a hundred times as many calls a day",
)
edited(
    "dashboard-follows-the-browsers-language",
    "The titles of the cards follow the browser's language, of which the product has one only.",
    Edit(
        "static/dashboard.js",
        "load();\n\nfunction load()",
        """if (navigator.language.startsWith("en")) {
  const titles = ["Total calls", "Completed calls", "Failed calls", "Success rate", "Average duration", "Calls per day"];
  metrics.querySelectorAll("dt").forEach((title, index) => (title.textContent = titles[index]));
}
load();

function load()""",
    ),
    severity=3,
    finding="an English browser is shown English titles in a Spanish page",
)
