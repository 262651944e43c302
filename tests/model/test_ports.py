"""Port sets obey the laws of sets, and know nothing of a port 0 between two protocols."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.model.ports import ALL, NONE, PROTOCOLS, PortSet

spans = st.tuples(st.sampled_from(PROTOCOLS), st.integers(1, 65535), st.integers(1, 65535)).map(
    lambda t: PortSet.single(t[0], min(t[1:]), max(t[1:]))
)


def union(sets: list[PortSet]) -> PortSet:
    total = NONE
    for each in sets:
        total |= each
    return total


port_sets = st.lists(spans, max_size=5).map(union)
probes = st.tuples(st.sampled_from(PROTOCOLS), st.one_of(st.integers(1, 65535), st.sampled_from([1, 65535])))


@given(port_sets, port_sets, st.lists(probes, min_size=1))
def test_operations_agree_with_asking_port_by_port(a: PortSet, b: PortSet, asked: list[tuple[str, int]]) -> None:
    for protocol, port in asked:
        in_a, in_b = a.contains(protocol, port), b.contains(protocol, port)
        assert (a & b).contains(protocol, port) == (in_a and in_b)
        assert (a | b).contains(protocol, port) == (in_a or in_b)
        assert (a - b).contains(protocol, port) == (in_a and not in_b)


@given(port_sets, port_sets)
def test_equal_sets_are_one_object(a: PortSet, b: PortSet) -> None:
    assert (a | b) is (b | a)
    assert (a & b) is (b & a)
    assert ((a - b) | (a & b)) is a
    assert (a | ALL) is ALL
    assert (a & ALL) is a


def test_the_last_tcp_port_and_the_first_udp_port_are_no_neighbours() -> None:
    both = PortSet.single("TCP", 65535) | PortSet.single("UDP", 1)
    assert both.json() == {"TCP": "65535", "UDP": "1"}
    assert len(both.spans) == 2


def test_every_port_of_every_protocol_is_written_as_all() -> None:
    assert union([PortSet.whole(protocol) for protocol in PROTOCOLS]).json() == "all"
    assert PortSet.whole("TCP").json() == {"TCP": "1-65535"}
    assert (ALL - PortSet.single("TCP", 80)).json() == {"TCP": "1-79,81-65535", "UDP": "1-65535", "SCTP": "1-65535"}
