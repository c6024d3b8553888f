from proof.expectations import Expectation

FAULTS = {
    "contacts-second-page-is-the-first": Expectation(
        {"test_second_page_shows_the_next_contacts": "which `skip` does the page send?"}
    ),
    "contacts-search-ignored": Expectation(
        {
            "test_search_shows_only_what_matches": "does the page send what was typed",
            "test_search_without_a_hit_says_so": "Then the search is not sent",
        }
    ),
    "contact-created-twice": Expectation({"test_double_click_creates_one_contact": "2 contacts"}),
    "contact-deleted-on-cancel": Expectation(
        {"test_contact_is_deleted_only_when_confirmed[Cancelar-200]": "the answer to its question"}
    ),
    "contacts-show-the-raw-error": Expectation({"test_failure_is_told_in_the_products_words": "leave the API's to the log"}),
    "contacts-empty-list-blank": Expectation({"test_search_without_a_hit_says_so": "say that nothing was found"}),
    "missing-contact-blank": Expectation({"test_missing_contact_is_told": "handle the API's 404"}),
    "export-named-by-local-date": Expectation({"test_export_is_named_by_its_day": "ISO 8601"}),
    "contacts-left-in-english": Expectation(
        {"test_list_speaks_spanish_and_names_its_buttons": "no button named ['Nuevo Contacto']"}
    ),
    "contact-buttons-nameless": Expectation(
        {
            "test_list_speaks_spanish_and_names_its_buttons": "give icon buttons their aria-label",
            "test_contact_is_deleted_only_when_confirmed": "give icon buttons their aria-label",
        }
    ),
}
