from proof.expectations import Expectation

BOTH_FILTERS = "regression/test_listing_rules.py::test_two_filters_both_hold[/api/campaigns/?status&start_date]"
FAULTS = {
    "campaign-change-stored-before-checked": Expectation(
        {"test_refused_change_changes_nothing": "refused-change-breaks-the-list"},
        collateral={"*": "campaigns cannot be listed while the check looks"},
    ),
    "campaign-activation-refused": Expectation(
        {
            "test_campaign_goes_its_way": "campaign-step-refused",
            "regression/test_fields.py::test_change_of_one_field_leaves_the_others[campaign.status]": "field-value-refused",
        }
    ),
    "campaign-counters-corrected-silently": Expectation({"test_impossible_counters_are_refused": "impossible-counters-accepted"}),
    "campaign-date-filter-ignored": Expectation({"test_dates_filter_the_list": "campaigns-start-date-ignored"}),
    "campaign-date-offset-dropped": Expectation(
        {
            "test_date_is_kept_to_the_minute": "campaign-offset-dropped",
            "regression/test_fields.py::test_field_keeps_what_it_takes[campaign.schedule_end]": "field-not-kept",
        }
    ),
    "campaign-date-without-offset-crashes": Expectation({"test_dates_without_offset_are_accepted": "naive-date-crashes"}),
    "campaign-mixed-dates-crash": Expectation({"test_mixed_dates_are_no_server_error": "campaign-mixed-dates-crash"}),
    "campaign-name-cut": Expectation(
        {
            "test_campaign_is_refused[nombre de 256 caracteres]": "invalid-campaign-accepted",
            "regression/test_fields.py::test_field_refuses_other_values[campaign.name]": "field-value-accepted",
        }
    ),
    "campaign-not-found-in-english": Expectation({"test_unknown_campaign_is_not_found": "not-found-answer-wrong"}),
    "campaign-patch-not-routed": Expectation(
        {
            "test_change_leaves_the_rest": "campaign-patch-refused",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work": "change-not-routed",
            "smoke/test_round_trips.py::test_draft_campaign_can_be_changed": "campaign-patch-not-routed",
            "test_campaign_goes_its_way": "campaign-patch-refused",
            "test_change_moves_updated_at": "updated-at-not-moved",
            "regression/test_fields.py::test_change_of_one_field_leaves_the_others[campaign.name]": "field-value-refused",
            "regression/test_fields.py::test_changed_row_is_dated[campaign]": "row-not-dated",
            "regression/test_fields.py::test_null_in_a_change[campaign.description]": "field-not-kept",
        },
        first=(
            "test_change_leaves_the_rest",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work",
            "smoke/test_round_trips.py::test_draft_campaign_can_be_changed",
            "test_campaign_goes_its_way",
        ),
    ),
    "campaign-pause-is-final": Expectation({"test_campaign_goes_its_way": "campaign-step-refused"}),
    "campaign-placeholders-eaten": Expectation(
        {
            "test_campaign_is_kept_as_given": "campaign-field-not-kept",
            "smoke/test_round_trips.py::test_draft_campaign_is_kept_as_given": "campaign-not-kept-as-written",
        }
    ),
    "campaign-stats-swapped": Expectation({"test_counters_are_kept_as_sent": "campaign-stats-swapped"}),
    "campaign-status-filter-ignored": Expectation(
        {
            "test_status_filters_the_list": "campaigns-status-filter-ignored",
            "regression/test_listing_rules.py::test_filter_shows_what_fits[/api/campaigns/?status]": "filter-shows-other-rows",
            BOTH_FILTERS: "filter-shows-other-rows",
        }
    ),
    "campaign-status-in-any-case": Expectation(
        {
            "test_campaign_is_refused": "invalid-campaign-accepted",
            "regression/test_fields.py::test_field_refuses_other_values[campaign.status]": "field-value-accepted",
        }
    ),
    "campaign-status-not-stored": Expectation(
        {
            "test_campaign_goes_its_way": "campaign-change-not-stored",
            "regression/test_fields.py::test_change_of_one_field_leaves_the_others[campaign.status]": "field-not-kept",
        }
    ),
    "campaign-update-not-stored": Expectation(
        {
            "test_change_leaves_the_rest": "campaign-change-not-stored",
            "smoke/test_round_trips.py::test_draft_campaign_can_be_changed": "campaign-changed-otherwise",
            "test_campaign_goes_its_way": "campaign-change-not-stored",
            "test_change_moves_updated_at": "updated-at-not-moved",
            "regression/test_fields.py::test_change_of_one_field_leaves_the_others[campaign.name]": "field-not-kept",
            "regression/test_fields.py::test_changed_row_is_dated[campaign]": "row-not-dated",
        },
        first=(
            "test_change_leaves_the_rest",
            "smoke/test_round_trips.py::test_draft_campaign_can_be_changed",
            "test_campaign_goes_its_way",
        ),
    ),
    "campaign-update-resets-the-rest": Expectation(
        {
            "test_change_leaves_the_rest": "campaign-patch-resets-fields",
            "smoke/test_round_trips.py::test_draft_campaign_can_be_changed": "campaign-changed-otherwise",
            "regression/test_fields.py::test_change_of_one_field_leaves_the_others[campaign.name]": "update-changes-other-fields",
        }
    ),
    "campaign-updated-at-stands-still": Expectation(
        {
            "test_change_moves_updated_at": "updated-at-not-moved",
            "regression/test_fields.py::test_changed_row_is_dated[campaign]": "row-not-dated",
        }
    ),
}
