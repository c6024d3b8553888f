from proof.expectations import Expectation

FAULTS = {
    "call-cancel-not-sent-to-vendor": Expectation({"test_cancelled_call_ends_at_the_vendor": "call-line-stays-open"}),
}
