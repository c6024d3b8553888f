from proof.expectations import Expectation

FAULTS = {
    "contacts-second-page-is-the-first": Expectation(
        {"test_second_page_shows_the_next_contacts": "pages-contacts-second-page-wrong"}
    ),
    "contacts-search-ignored": Expectation(
        {
            "test_search_shows_only_what_matches": "pages-contacts-search-ignored",
            "test_search_without_a_hit_says_so": "pages-contacts-no-hit-unsaid",
        }
    ),
    "contact-created-twice": Expectation({"test_double_click_creates_one_contact": "pages-double-click-creates-twice"}),
    "contact-deleted-on-cancel": Expectation(
        {"test_contact_is_deleted_only_when_confirmed[Cancelar-200]": "pages-contact-deleted-on-cancel"}
    ),
    "contacts-show-the-raw-error": Expectation(
        {"test_failure_is_told_in_the_products_words": "pages-contacts-show-internal-error"}
    ),
    "contacts-empty-list-blank": Expectation({"test_search_without_a_hit_says_so": "pages-contacts-no-hit-unsaid"}),
    "missing-contact-blank": Expectation({"test_missing_contact_is_told": "pages-missing-contact-unsaid"}),
    "export-named-by-local-date": Expectation({"test_export_is_named_by_its_day": "pages-export-named-by-locale"}),
    "contacts-left-in-english": Expectation({"test_list_speaks_spanish": "pages-contacts-labels-differ"}),
    "contact-buttons-nameless": Expectation(
        {
            "test_buttons_of_a_row_have_names": "pages-contacts-buttons-nameless",
            "test_contact_is_deleted_only_when_confirmed": "pages-contacts-delete-button-missing",
        }
    ),
    "contacts-failure-never-told": Expectation({"test_failure_is_told_in_the_products_words": "pages-contacts-failure-unsaid"}),
}
