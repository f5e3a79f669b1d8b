"""What the suite promises about itself."""

import socket

import pytest
from pytest_socket import SocketBlockedError


def test_sockets_are_forbidden() -> None:
    with pytest.raises(SocketBlockedError):
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)
