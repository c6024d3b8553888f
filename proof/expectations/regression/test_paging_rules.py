from proof.expectations import Expectation

FAULTS = {
    "call-page-capped-silently": Expectation(
        {"test_last_page_has_the_last_rows[llamadas]": "is this size of page taken for another?"}
    ),
    "campaign-page-zero-crashes": Expectation(
        {
            "test_page_out_of_bounds_is_no_server_error[/api/campaigns/?page=0]": "the bounds",
            "test_page_out_of_bounds_is_refused": "a bound is not checked",
        }
    ),
    "contact-limit-of-one-ignored": Expectation(
        {
            "test_last_page_has_the_last_rows": "is this size of page taken for another?",
            "regression/test_contact_rules.py::test_any_page_holds_the_rows_it_promises": "the total disagrees with the rows",
        }
    ),
    "contact-limit-zero-crashes": Expectation(
        {
            "test_page_out_of_bounds_is_no_server_error": "the bounds",
            "test_page_out_of_bounds_is_refused": "a bound is not checked",
        }
    ),
    "contact-pages-sorted-differently": Expectation({"test_pages_make_up_the_whole_list": "is every page sorted the same way"}),
    "contact-skip-not-checked": Expectation({"test_page_out_of_bounds_is_refused": "a bound is not checked"}),
    "page-count-one-too-many": Expectation({"test_last_page_has_the_last_rows": "round the quotient up, once"}),
    "page-size-unbounded": Expectation({"test_page_out_of_bounds_is_refused": "a bound is not checked"}),
}
