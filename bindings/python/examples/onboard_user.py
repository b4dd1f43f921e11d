"""Onboards a user: a Teams number, a mobile phone method, SMS sign-in."""

from __future__ import annotations

import sys

import trunkline


def onboard(client: trunkline.Client, user: str, number: str, mobile: str) -> list[str]:
    """Doing it twice does no harm."""
    phones = client.phones(user)
    steps = [
        str(client.numbers.assign(number, user)),
        str(phones.set("mobile", mobile)),
        str(phones.enable_sms_sign_in()),
    ]
    print(*steps, sep="\n")
    return steps


if __name__ == "__main__":
    with trunkline.Client(trunkline.Credential.from_environment()) as client:
        onboard(client, *sys.argv[1:4])
