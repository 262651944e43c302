"""Addresses and blocks are read strictly, as Kubernetes reads them."""

import pytest

from webapp.model.addresses import Block, parse_address, parse_cidr


@pytest.mark.parametrize(
    "text",
    ["10.0.0.0", "10.0.0.0/33", "1.2.3.4/255.0.0.0", "fe80::1%eth0/64", "::/129", "10.0.0/8", "x/8", "10.0.0.0/08",
     "10.0.0.0/-1", "10.0.0.0/٨", "٣.0.0.0/8", "300.1.1.1/8", "", "/", "10.0.0.0/8 "],
)  # fmt: skip
def test_what_is_no_cidr_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_cidr(text)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("10.10.1.12/24", "10.10.1.0/24"),
        ("010.0.0.1/8", "10.0.0.0/8"),
        ("::ffff/112", "::/112"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_host_bits_and_leading_zeros_are_masked_as_the_api_server_does(text: str, network: str) -> None:
    assert parse_cidr(text).text() == network


def test_a_block_against_a_network_is_inside_outside_or_cut() -> None:
    block = Block(parse_cidr("10.0.0.0/8"), (parse_cidr("10.1.0.0/16"),))
    assert block.relation(parse_cidr("10.2.0.0/16")) is True
    assert block.relation(parse_cidr("10.1.4.0/24")) is False
    assert block.relation(parse_cidr("192.168.0.0/16")) is False
    assert block.relation(parse_cidr("10.0.0.0/8")) is None
    assert block.relation(parse_cidr("::/0")) is False
    assert block.contains(*parse_address("10.2.0.1"))
    assert not block.contains(*parse_address("10.1.0.1"))


def test_excepts_that_take_a_network_away_together_leave_it_outside() -> None:
    halves = tuple(parse_cidr(text) for text in ("10.0.0.128/25", "10.0.0.0/25"))
    block = Block(parse_cidr("10.0.0.0/8"), halves)
    assert block.relation(parse_cidr("10.0.0.0/24")) is False
    assert block.relation(parse_cidr("10.0.0.0/23")) is None
    assert Block(parse_cidr("10.0.0.0/24"), halves).relation(parse_cidr("10.0.0.0/16")) is False
