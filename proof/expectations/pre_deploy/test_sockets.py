from proof.expectations import Expectation

FAULTS = {
    "websocket-without-token": Expectation(
        {
            "test_socket_is_closed_to_strangers[missing*": "socket-without-token-accepted",
            "test_socket_is_closed_to_strangers[made up]": "socket-token-not-verified",
            "test_socket_is_closed_to_strangers[forged]": "socket-token-not-verified",
            "test_socket_is_closed_to_strangers[expired]": "socket-expired-token-accepted",
        }
    ),
    "websocket-token-not-verified": Expectation(
        {
            "test_socket_is_closed_to_strangers[made up]": "socket-token-not-verified",
            "test_socket_is_closed_to_strangers[forged]": "socket-token-not-verified",
            "test_socket_is_closed_to_strangers[expired]": "socket-expired-token-accepted",
        }
    ),
    "websocket-token-never-expires": Expectation(
        {"test_socket_is_closed_to_strangers[expired]": "socket-expired-token-accepted"}
    ),
    "proxy-forgets-websockets": Expectation({"test_socket_of_an_unknown_call_is_closed": "proxy-drops-websockets"}),
}
