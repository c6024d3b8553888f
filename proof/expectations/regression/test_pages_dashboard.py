from proof.expectations import Expectation

FAULTS = {
    "dashboard-never-rests": Expectation(
        {"test_dashboard_comes_to_rest": "page-never-rests"},
        collateral={
            "smoke/test_pages.py::test_page_*[panel-*": (
                "waits for the dashboard to come to rest, and sees it when the machine is quick enough"
            ),
            "smoke/test_pages.py::test_dashboard_shows_the_report": "as above",
            "smoke/test_pages.py::test_dashboard_has_its_cards": "as above",
            "test_dashboard_*_in_any_browser": "as above",
            "regression/test_pages_sessions.py::test_expired_session_ends_at_sign_in*": "as above",
            "smoke/test_pages_sign_in.py::test_sign_out_ends_the_session": "as above",
            "regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "as above",
        },
    ),
    "dashboard-mean-read-as-spanish": Expectation(
        {
            "test_dashboard_counts_the_same_in_any_browser[en-US]": "dashboard-figures-follow-locale",
            "test_dashboard_counts_the_same_in_any_browser[es-MX]": "dashboard-figures-follow-locale",
        }
    ),
    "dashboard-follows-the-browsers-language": Expectation(
        {"test_dashboard_is_spanish_in_any_browser[en-US]": "dashboard-titles-missing"}
    ),
}
