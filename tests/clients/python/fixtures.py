"""Writes what the scripts sign in with: fixtures.py FOLDER makes a certificate and its key, the key of another authority,
and a seed in which the application knows both."""

from __future__ import annotations

import base64
import datetime
import json
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

ALL = "22222222-2222-2222-2222-222222222222"
READER = "33333333-3333-3333-3333-333333333333"
SECRET = "emulator-secret"
ISSUER = "https://issuer.contoso.example"
SUBJECT = "repo:contoso/phones:ref:refs/heads/main"
AUDIENCE = "api://AzureADTokenExchange"
READING = [
    "TeamsTelephoneNumber.Read.All",
    "TeamsUserConfiguration.Read.All",
    "User.Read.All",
    "UserAuthenticationMethod.Read.All",
    "Organization.Read.All",
]


def private_text(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "trunkline.example")])
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )


def seed(signed: x509.Certificate) -> dict[str, object]:
    key = base64.b64encode(signed.public_bytes(serialization.Encoding.DER)).decode()
    trusted = {"issuer": ISSUER, "subject": SUBJECT, "audiences": [AUDIENCE]}
    everything = {
        "appId": ALL,
        "displayName": "Clients",
        "secret": SECRET,
        "keyCredentials": [{"key": key}],
        "federatedIdentityCredentials": [trusted],
    }
    reading = {
        "appId": READER,
        "displayName": "Clients (reading)",
        "secret": SECRET,
        "permissions": READING,
    }
    return {"clients": [everything, reading]}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signed = certificate(key)
    public = signed.public_bytes(serialization.Encoding.PEM)
    (folder / "key.pem").write_bytes(private_text(key))
    (folder / "certificate.pem").write_bytes(public)
    (folder / "client.pem").write_bytes(private_text(key) + public)
    (folder / "other-authority.pem").write_bytes(private_text(other))
    (folder / "seed.json").write_text(json.dumps(seed(signed)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
