from proof.expectations import Expectation

FAULTS = {
    "tls-1.3-missing": Expectation({"test_current_tls_is_spoken": "tls-version-missing"}),
    "tls-old-versions-spoken": Expectation({"test_old_tls_is_refused": "tls-version-outdated"}),
    "tls-weak-ciphers": Expectation({"test_weak_ciphers_are_refused": "tls-weak-ciphers-accepted"}),
    "certificate-expires-soon": Expectation({"test_certificate_is_good_for_two_weeks": "certificate-expires-soon"}),
    "certificate-expired": Expectation(blocks="target-certificate-not-trusted"),
    "certificate-wrong-host": Expectation(blocks="target-certificate-not-trusted"),
    "public-address-plain-http": Expectation(
        {"test_web_and_api_are_https": "public-address-plain-http"},
        collateral={
            "smoke/test_webhooks.py::test_genuine_signature_is_accepted*": (
                "the vendor is given an address that the product does not sign"
            ),
            "integration/test_twilio.py::test_number_*_to_our_webhook": "the number has the https address",
            "integration/test_twilio.py::test_number_asks_our_webhook": "the number has the https address",
        },
    ),
}
