"""Which domain does an address belong to?

registrable_domain   the domain an outlet is keyed by
host_of              what stands before the path of an address
label_names          the names a domain stands for
looks_like_domain    whether a name is written as a domain
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_SCHEME = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//")
_PATH = re.compile(r"[/?#]")
# Whoever writes there has a name of his own before theirs, and is an outlet of his own. The public suffix list has some
# of them, among places for files and programs that are nobody's.
_HOSTS_OF_BLOGS = frozenset(
    (
        "altervista.org",
        "blog.hu",
        "blogg.se",
        "blogs.com",
        "canalblog.com",
        "github.io",
        "hatenablog.com",
        "hatenablog.jp",
        "home.blog",
        "livejournal.com",
        "news.blog",
        "over-blog.com",
        "over-blog.org",
        "substack.com",
        "tumblr.com",
        "typepad.com",
        "weebly.com",
        "wixsite.com",
        "wordpress.com",
    )
)
# The other full stops that IDNA takes for one (RFC 3490, section 3.1).
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))
_RESERVED = frozenset(("example", "test"))
_DOMAIN = re.compile(r"(?:https?://)?(?:[\w-]{1,63}\.){1,6}[a-zA-Z]{2,24}(?:[/:?#]\S*)?")


@lru_cache(maxsize=1)
def _suffixes() -> "PublicSuffixList":
    # The list that comes with the package: no network, no cache directory. What its private part names are places of
    # somebody's within a domain that is his.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=False, only_icann=True)


def registrable_domain(address: str) -> str | None:
    """Return the registrable domain of a URL or host name in lower case, or None where there is none. A blog at one of
    their hosts has a domain of its own.

    >>> registrable_domain("https://www.news.example.co.uk/2020/a.html")
    'example.co.uk'
    >>> registrable_domain("https://saltlamps.wordpress.com/2020/a.html")
    'saltlamps.wordpress.com'
    >>> registrable_domain("no domain at all") is None
    True
    """
    return domain_of_host(host_of(address))


def host_of(address: str) -> str:
    """Return what stands before the path of a URL or host name, without scheme and user.

    Only that decides the domain, and a corpus has few: each is looked up once.

    >>> host_of("https://www.example.org/a")
    'www.example.org'
    """
    parts = address.split("/", 3)
    plain = len(parts) == 4 and parts[0] in ("https:", "http:") and not parts[1]
    host = _PATH.split(parts[2] if plain else _SCHEME.sub("", address.strip()), maxsplit=1)[0]
    return host.rpartition("@")[2].rstrip(".")


@lru_cache(maxsize=65536)
def domain_of_host(host: str) -> str | None:
    """Return the registrable domain of a host in lower case and in its own script, or None where there is none."""
    name = host.translate(_DOTS).partition(":")[0].strip(" .").lower()
    domain = _suffixes().privatesuffix(name) or _reserved(name)
    if domain is None:
        return None
    blog = name.removesuffix(domain).rstrip(".").rpartition(".")[2]
    if blog not in ("", "www"):
        if domain_label(domain) == "blogspot":  # shown to each country under a domain of it
            return f"{blog}.blogspot.com"
        if domain in _HOSTS_OF_BLOGS:
            return f"{blog}.{domain}"
    return _unpunycoded(domain) if "xn--" in domain else domain


def _reserved(name: str) -> str | None:
    """Return the domain under one of the suffixes that stand for none (RFC 2606), which examples are written with."""
    *_, label, suffix = ("", *name.split("."))
    return f"{label}.{suffix}" if label and suffix in _RESERVED else None


def _unpunycoded(domain: str) -> str:
    """Return a domain with the labels that are written in ASCII for machines (RFC 3492) as people write them."""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def domain_label(domain: str) -> str:
    """Return the part of a registrable domain before its public suffix: `southfront` of `southfront.org`."""
    return domain.split(".", 1)[0]


@lru_cache(maxsize=65536)
def label_names(domain: str) -> tuple[str, ...]:
    """Return the names a registrable domain stands for: its label, and that without a closing `news`.

    >>> label_names("southfront.org"), label_names("apnews.com")
    (('southfront',), ('apnews', 'ap'))
    """
    label = domain_label(domain)
    short = label.removesuffix("news").rstrip("-")
    return (label, short) if 2 <= len(short) < len(label) else (label,)


@lru_cache(maxsize=65536)
def looks_like_domain(name: str) -> bool:
    """Say whether a name is written as a domain or URL (`southfront.org`, `https://…`)."""
    return _DOMAIN.fullmatch(name.strip()) is not None and registrable_domain(name) is not None
