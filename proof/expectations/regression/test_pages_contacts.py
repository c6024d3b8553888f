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
    "contact-saved-silently": Expectation({"test_saving_is_told": "contact-saved-unsaid"}),
    "contact-created-twice": Expectation({"test_double_click_creates_one_contact": "pages-double-click-creates-twice"}),
    "contact-deleted-on-cancel": Expectation(
        {"test_contact_is_deleted_only_when_confirmed[Cancelar-200]": "pages-contact-deleted-on-cancel"}
    ),
    "contact-deleted-unasked": Expectation(
        {
            "test_contact_is_deleted_only_when_confirmed[Cancelar-200]": "pages-contact-deleted-on-cancel",
            "test_contact_is_deleted_only_when_confirmed[Eliminar-404]": "pages-contacts-delete-unasked",
            "test_question_names_the_contact": "pages-contacts-delete-question-differs",
        },
        first=("test_contact_is_deleted_only_when_confirmed[Cancelar-200]",),
        blocked={"test_question_is_a_dialog": "there is no question"},
    ),
    "delete-question-without-name": Expectation({"test_question_names_the_contact": "pages-contacts-delete-question-differs"}),
    "delete-question-no-dialog": Expectation({"test_question_is_a_dialog": "pages-contacts-question-no-dialog"}),
    "contact-form-labels-untied": Expectation({"test_fields_of_the_form_have_labels": "pages-contact-form-labels-untied"}),
    "contacts-show-the-raw-error": Expectation(
        {"test_internal_error_is_not_shown": "pages-contacts-show-internal-error"},
        collateral={"test_failure_is_told_in_the_products_words": "the product's own words may be gone by then"},
    ),
    "contacts-empty-list-blank": Expectation({"test_search_without_a_hit_says_so": "pages-contacts-no-hit-unsaid"}),
    "missing-contact-blank": Expectation({"test_missing_contact_is_told": "pages-missing-contact-unsaid"}),
    "export-named-by-local-date": Expectation({"test_export_is_named_by_its_day": "pages-export-named-by-locale"}),
    "contacts-left-in-english": Expectation({"test_list_speaks_spanish": "pages-contacts-labels-differ"}),
    "contact-buttons-nameless": Expectation({"test_buttons_of_a_row_have_names": "pages-contacts-buttons-nameless"}),
    "contact-deleted-on-cancel+contact-buttons-nameless": Expectation(
        {
            "test_contact_is_deleted_only_when_confirmed[Cancelar-200]": "pages-contact-deleted-on-cancel",
            "test_buttons_of_a_row_have_names": "pages-contacts-buttons-nameless",
        }
    ),
    "contacts-failure-never-told": Expectation({"test_failure_is_told_in_the_products_words": "pages-contacts-failure-unsaid"}),
}
