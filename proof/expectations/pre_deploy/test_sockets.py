from proof.expectations import Expectation

FAULTS = {
    "websocket-without-token": Expectation(
        {
            "test_socket_is_closed_to_strangers[missing*": "verify the token itself",
            "test_socket_is_closed_to_strangers[made up]": "verify the token itself",
            "test_socket_is_closed_to_strangers[forged]": "verify the token itself",
            "test_socket_is_closed_to_strangers[expired]": "verify the token itself",
        }
    ),
    "websocket-token-not-verified": Expectation(
        {
            "test_socket_is_closed_to_strangers[made up]": "verify the token itself",
            "test_socket_is_closed_to_strangers[forged]": "verify the token itself",
            "test_socket_is_closed_to_strangers[expired]": "verify the token itself",
        }
    ),
    "websocket-token-never-expires": Expectation({"test_socket_is_closed_to_strangers[expired]": "for a token that is expired"}),
    "proxy-forgets-websockets": Expectation({"test_socket_of_an_unknown_call_is_closed": "does the proxy hand /ws/ on"}),
}
