from proof.expectations import Expectation

FAULTS = {
    "websocket-without-token": Expectation(
        {
            f"test_socket_is_closed_to_strangers[{token}": "socket-without-token-accepted"
            for token in ("missing*", "made up]", "forged]", "expired]")
        }
    ),
    "websocket-token-not-verified": Expectation(
        {
            f"test_socket_is_closed_to_strangers[{token}]": "socket-token-not-verified"
            for token in ("made up", "forged", "expired")
        }
    ),
    "websocket-token-never-expires": Expectation(
        {"test_socket_is_closed_to_strangers[expired]": "socket-expired-token-accepted"}
    ),
    "proxy-forgets-websockets": Expectation({"test_socket_of_an_unknown_call_is_closed": "proxy-drops-websockets"}),
}
