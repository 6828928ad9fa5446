"""Languages: their codes, their names, which way they are written, and text that is in another one than its page."""

import re

_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}\Z")
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "ur", "yi"})
#: Languages offered by name; any other is known by its code.
NAMES = {
    "cy": "Welsh",
    "ar": "Arabic",
    "bn": "Bengali",
    "bg": "Bulgarian",
    "en": "English",
    "fa": "Farsi",
    "fr": "French",
    "ga": "Irish",
    "gd": "Scottish Gaelic",
    "gu": "Gujarati",
    "he": "Hebrew",
    "it": "Italian",
    "lt": "Lithuanian",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "so": "Somali",
    "es": "Spanish",
    "ta": "Tamil",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "yi": "Yiddish",
}


#: The same as those who speak them call them.
OWN_NAMES = {
    "cy": "Cymraeg",
    "ar": "العربية",
    "bn": "বাংলা",
    "bg": "Български",
    "en": "English",
    "fa": "فارسی",
    "fr": "Français",
    "ga": "Gaeilge",
    "gd": "Gàidhlig",
    "gu": "ગુજરાતી",
    "he": "עברית",
    "it": "Italiano",
    "lt": "Lietuvių",
    "pa": "ਪੰਜਾਬੀ",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "so": "Soomaali",
    "es": "Español",
    "ta": "தமிழ்",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "yi": "ייִדיש",
}


class Foreign(str):
    """A text in another language than the page around it. Drawn with its language, so that it is read out in it."""

    lang: str

    def __new__(cls, text: str, lang: str) -> "Foreign":
        made = super().__new__(cls, text)
        made.lang = lang if is_language(lang) else "en"
        return made


def is_language(code: object) -> bool:
    """Whether something is shaped like the code of a language (BCP 47, the part we use)."""
    return isinstance(code, str) and _CODE.match(code) is not None


def base(code: str) -> str:
    """The language without its region: `cy-GB` → `cy`."""
    return code.split("-")[0].lower()


def direction(code: str) -> str:
    """`rtl` for languages written from right to left, else `ltr`."""
    return "rtl" if base(code) in _RIGHT_TO_LEFT else "ltr"


def name_of(code: str) -> str:
    """A language by its English name, or by its code."""
    return NAMES.get(code) or NAMES.get(base(code)) or code


def own_name_of(code: str) -> str:
    """A language as those who speak it call it, or by its code."""
    return OWN_NAMES.get(code) or OWN_NAMES.get(base(code)) or code
