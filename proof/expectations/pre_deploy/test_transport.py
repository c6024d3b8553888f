from proof.expectations import Expectation

FAULTS = {
    "tls-1.3-missing": Expectation({"test_current_tls_is_spoken": "ssl_protocols"}),
    "tls-old-versions-spoken": Expectation({"test_old_tls_is_refused": "take it out of ssl_protocols"}),
    "tls-weak-ciphers": Expectation({"test_weak_ciphers_are_refused": "set ssl_ciphers to HIGH:!aNULL:!MD5"}),
    "certificate-expires-soon": Expectation({"test_certificate_is_good_for_two_weeks": "days left"}),
    "certificate-expired": Expectation(blocks="certificate has expired"),
    "certificate-wrong-host": Expectation(blocks="certificate is not valid for"),
    "public-address-plain-http": Expectation(
        {"test_web_and_api_are_https": "set APP_URL"},
        collateral={
            "smoke/test_webhooks.py::test_genuine_signature_is_accepted*": (
                "the vendor is given an address that the product does not sign"
            ),
            "integration/test_twilio.py::test_number_*_to_our_webhook": "the number has the https address",
            "integration/test_twilio.py::test_number_asks_our_webhook": "the number has the https address",
        },
    ),
}
