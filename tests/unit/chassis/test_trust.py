"""Whoever is asked over TLS must be vouched for; nobody else costs the reading of every authority."""

import ssl

from huiyin.chassis.trust import NO_CA, trusted_at


def test_an_address_with_tls_is_trusted_as_the_machine_says() -> None:
    for urls in (
        ["https://sms.example"],
        ["HTTPS://sms.example"],
        ["http://intake:8000", "https://notify:8000"],
    ):
        trusted = trusted_at(*urls)
        assert trusted.get_ca_certs()
        assert (trusted.verify_mode, trusted.check_hostname) == (ssl.CERT_REQUIRED, True)
        assert trusted.minimum_version is ssl.TLSVersion.TLSv1_2


def test_without_tls_nobody_is_trusted() -> None:
    assert trusted_at("http://intake:8000", "http://notify:8000") is NO_CA
    assert trusted_at("") is NO_CA
    assert NO_CA.verify_mode is ssl.CERT_REQUIRED
    assert NO_CA.check_hostname
    assert NO_CA.get_ca_certs() == []
