from proof.expectations import Expectation

FAULTS = {
    "authorization-header-crashes": Expectation(
        {"test_malformed_authorization_is_refused": "malformed-authorization-not-refused"},
        collateral={"pre_deploy/test_sockets.py::*": "sockets read the same header"},
    ),
    "authorization-scheme-by-case": Expectation({"test_scheme_is_read_in_any_case": "scheme-read-by-case"}),
    "role-claim-crashes": Expectation({"test_role_of_another_type_is_no_server_error": "role-claim-crashes"}),
}
