"""How names and postcodes are folded for searching, the same on every database."""

import unicodedata


def name_key(name: str) -> str:
    """`name` without accents, case, spaces and punctuation: "O'Neill-Wójcik" becomes "oneillwojcik"."""
    folded = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "l").replace("ø", "o").casefold())
    return "".join(ch for ch in folded if ch.isalnum())[:100]


def postcode_key(postcode: str) -> str:
    """`postcode` in capitals without spaces."""
    return "".join(ch for ch in postcode.upper() if ch.isalnum())[:8]
