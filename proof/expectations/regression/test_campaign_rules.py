from proof.expectations import Expectation

FAULTS = {
    "campaign-activation-refused": Expectation({"test_campaign_goes_its_way": "draft > active"}),
    "campaign-counters-corrected-silently": Expectation({"test_impossible_counters_are_refused": "successful + failed <= total"}),
    "campaign-date-filter-ignored": Expectation({"test_dates_filter_the_list": "is start_date ignored?"}),
    "campaign-date-offset-dropped": Expectation({"test_date_is_kept_to_the_minute": "is the offset cut off?"}),
    "campaign-date-without-offset-crashes": Expectation(
        {"test_dates_without_offset_are_accepted": "compared with one that has it"}
    ),
    "campaign-mixed-dates-crash": Expectation({"test_mixed_dates_are_no_server_error": "compared before they are looked at"}),
    "campaign-name-cut": Expectation({"test_campaign_is_refused[nombre de 256 caracteres]": "contract 3.1"}),
    "campaign-not-found-in-english": Expectation({"test_unknown_campaign_is_not_found": "404: Campaña no encontrada"}),
    "campaign-patch-not-routed": Expectation(
        {
            "test_change_leaves_the_rest": "campaigns are changed with PATCH",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work": "is this method routed at this path",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "is PATCH routed",
            "test_campaign_goes_its_way": "is PATCH routed",
            "test_change_moves_updated_at": "updated_at",
        },
        first=(
            "test_change_leaves_the_rest",
            "pre_deploy/test_permissions.py::test_staff_may_do_their_work",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip",
            "test_campaign_goes_its_way",
        ),
    ),
    "campaign-pause-is-final": Expectation({"test_campaign_goes_its_way": "paused > active"}),
    "campaign-placeholders-eaten": Expectation(
        {
            "test_campaign_is_kept_as_given": "lost or filled in",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "changed without being asked",
        }
    ),
    "campaign-stats-swapped": Expectation({"test_counters_are_kept_as_sent": "handed over by position"}),
    "campaign-status-filter-ignored": Expectation({"test_status_filters_the_list": "is the status ignored?"}),
    "campaign-status-in-any-case": Expectation({"test_campaign_is_refused": "contract 3.1"}),
    "campaign-status-not-stored": Expectation({"test_campaign_goes_its_way": "was answered and not stored"}),
    "campaign-update-not-stored": Expectation(
        {
            "test_change_leaves_the_rest": "was the change rolled back?",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "was lost",
            "test_campaign_goes_its_way": "answered and not stored",
            "test_change_moves_updated_at": "the change is not dated",
        },
        first=(
            "test_change_leaves_the_rest",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip",
            "test_campaign_goes_its_way",
        ),
    ),
    "campaign-update-resets-the-rest": Expectation(
        {
            "test_change_leaves_the_rest": "does PATCH write defaults?",
            "smoke/test_round_trips.py::test_draft_campaign_makes_the_round_trip": "changed without being asked",
        }
    ),
    "campaign-updated-at-stands-still": Expectation({"test_change_moves_updated_at": "the change is not dated"}),
}
