"""What random clusters are made of: small vocabularies, so that things meet, and selectors over them."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

NAMESPACES = ("x", "y", "z")
LABELS = {"app": ("a", "b", ""), "role": ("x", "y"), "tier": ("a",)}
NAMESPACE_LABELS = {"team": ("a", "b", ""), "env": ("a",)}
PORT_NAMES = ("http", "dns", "web-2")
NUMBERS = (1, 53, 80, 81, 8080, 65535)
PROTOCOLS = ("TCP", "UDP", "SCTP")
ADDRESSES = ("10.0.0.1", "10.0.0.2", "10.0.1.1", "192.168.0.1", "fd00::1", "fd00::2", "2001:db8::1")
CIDRS = (
    "0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.0.0.1/32", "10.0.0.2/31", "192.168.0.0/16",
    "10.0.0.77/25", "10.0.0.128/25", "128.0.0.0/1", "fd00::/8", "fd00::/64", "fd00::1/128", "2001:db8::/32",
)  # fmt: skip
POD_CIDRS = ("10.0.0.0/24", "10.0.1.0/24", "10.0.0.0/16", "172.16.0.0/12", "fd00::/64")


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The strategy, or nothing at all."""
    return st.one_of(st.just(ABSENT), strategy)


ABSENT = object()


def mapping(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """A mapping without the fields that are absent."""
    return st.fixed_dictionaries(fields).map(lambda d: {k: v for k, v in d.items() if v is not ABSENT})


@cache
def chance(one_in: int) -> st.SearchStrategy[bool]:
    """True once in so many times. Not at a bound: hypothesis likes bounds more than the rest."""
    return st.integers(0, one_in - 1).map(lambda number: number == one_in // 2)


def listed(items: st.SearchStrategy[Any], sizes: tuple[int, ...] = (1, 1, 1, 2, 2, 0)) -> st.SearchStrategy[list[Any]]:
    """A list whose length is one of ``sizes``; those that are given twice are twice as likely."""
    of_size = {size: st.lists(items, min_size=size, max_size=size) for size in sizes}
    return st.sampled_from(sizes).flatmap(of_size.__getitem__)


def some_of(vocabulary: dict[str, tuple[str, ...]], nulls: bool = False) -> st.SearchStrategy[Json]:
    """Some of these keys, each with one of its values."""
    extra = (None,) if nulls else ()
    return mapping(**{key: maybe(st.sampled_from(values + extra)) for key, values in vocabulary.items()})


# ---------------------------------------------------------------- selectors


def expressions(vocabulary: dict[str, tuple[str, ...]]) -> st.SearchStrategy[Json]:
    keys = st.sampled_from([*vocabulary, "absent-key"])
    values = st.lists(st.sampled_from(("a", "b", "x", "")), min_size=1, max_size=2)
    return st.one_of(
        st.fixed_dictionaries({"key": keys, "operator": st.sampled_from(("In", "NotIn")), "values": values}),
        st.fixed_dictionaries(
            {"key": keys, "operator": st.sampled_from(("Exists", "DoesNotExist"))},
            optional={"values": st.sampled_from(([], None))},
        ),
    )


def selectors(vocabulary: dict[str, tuple[str, ...]]) -> st.SearchStrategy[Any]:
    one_label = st.sampled_from([(key, value) for key, values in vocabulary.items() for value in values])
    return st.one_of(
        one_label.map(lambda pair: {"matchLabels": dict([pair])}),
        one_label.map(lambda pair: {"matchLabels": dict([pair])}),
        st.just({}),
        mapping(
            matchLabels=maybe(st.one_of(some_of(vocabulary, nulls=True), st.none())),
            matchExpressions=maybe(st.one_of(listed(expressions(vocabulary)), st.none())),
        ),
    )


POD_SELECTORS = selectors({**LABELS, "pod-template-hash": ("h1",)})
NAMESPACE_SELECTORS = selectors({**NAMESPACE_LABELS, "kubernetes.io/metadata.name": NAMESPACES})
