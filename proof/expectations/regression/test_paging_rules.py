from proof.expectations import Expectation

FAULTS = {
    "call-page-capped-silently": Expectation({"test_page_has_the_rows_that_fit[llamadas]": "page-size-replaced"}),
    "campaign-page-zero-crashes": Expectation(
        {
            "test_page_out_of_bounds_is_no_server_error[/api/campaigns/?page=0]": "page-bounds-crash",
            "test_page_out_of_bounds_is_refused": "request-not-served",
        }
    ),
    "contact-limit-of-one-ignored": Expectation(
        {
            "test_page_has_the_rows_that_fit": "page-size-replaced",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "list-total-wrong",
        }
    ),
    "contact-limit-zero-crashes": Expectation(
        {
            "test_page_out_of_bounds_is_no_server_error": "page-bounds-crash",
            "test_page_out_of_bounds_is_refused": "request-not-served",
        }
    ),
    "contact-pages-sorted-differently": Expectation({"test_pages_make_up_the_whole_list": "list-pages-overlap"}),
    "contact-skip-not-checked": Expectation({"test_page_out_of_bounds_is_refused": "page-bound-not-checked"}),
    "page-count-one-too-many": Expectation(
        {
            "test_pages_are_as_many_as_the_rows_fill": "page-count-wrong",
            "regression/test_listing_rules.py::test_empty_page_is_counted_as_such[GET /api/calls/]": "empty-page-miscounted",
        }
    ),
    "page-size-unbounded": Expectation({"test_page_out_of_bounds_is_refused": "page-bound-not-checked"}),
}
