"""Files that were uploaded: what is known of each. The bytes themselves are never in an answer."""

import json
import re
from typing import Any

from careplan_forms.schema import markup
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Fault, Field, Raw, grouped, is_absent
from careplan_forms.schema.items.file_kinds import KINDS, MOST_FILES, kinds_of, largest_of, size_in_words
from careplan_forms.schema.markup import UNSHOWABLE, Tick
from careplan_forms.schema.model import Item
from careplan_forms.schema.names import join

LONGEST_NAME = 120
#: Of a file in a plan, seen from the page on which the question is answered.
_ADDRESS = "../../files/{id}/"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_KEYS = frozenset({"id", "name", "kind", "size", "sha256"})

JSONDict = dict[str, Any]


def most_of(item: Item) -> int:
    """How many files a question takes."""
    return min(item.max_items or MOST_FILES, MOST_FILES)


def is_file(value: Any) -> bool:
    """Whether a value says everything of one file, and nothing else."""
    if type(value) is not dict or value.keys() != _KEYS:
        return False
    texts = all(type(value[key]) is str for key in _KEYS - {"size"})
    return (
        texts
        and _ID.match(value["id"]) is not None
        and _SHA256.match(value["sha256"]) is not None
        and value["kind"] in KINDS
        and type(value["size"]) is int
        and value["size"] > 0
        and 0 < len(value["name"]) <= LONGEST_NAME
        and not UNSHOWABLE.search(value["name"])
    )


def file_in_words(value: JSONDict) -> str:
    """ "ADRT signed.pdf (PDF, 120 KB)"."""
    return f"{value['name']} ({about_file(value)})"


def about_file(value: JSONDict) -> str:
    """ "PDF, 120 KB"."""
    return f"{KINDS[value['kind']].title}, {size_in_words(value['size'])}"


def written(value: JSONDict) -> str:
    """A file as a page carries it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


class AttachmentType(AnswerType):
    """`[{"id", "name", "kind", "size", "sha256"}]`: the files that were uploaded, in the order they came."""

    key = "attachment"
    title = "Files"
    fhir_type = "attachment"
    missing = "missing.file"
    finishes = True
    # Files are uploaded apart and then stand on the page as text in `file`; `remove` holds the ids ticked.
    parts = ("upload", "file", "remove")

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        gone = frozenset(raw.get("remove", ()))
        files = [_file(text) for text in raw.get("file", ())]
        if None in files:
            return None, field.fault("shape", part="upload")
        kept = {each["id"]: each for each in files if each is not None and each["id"] not in gone}
        return list(kept.values()) or None, None

    def spread(self, field: Field, value: Any) -> Raw:
        files = value if isinstance(value, list) else []
        return {"file": [written(each) for each in files if is_file(each)]}

    def verdict(self, field: Field) -> Check:
        most = most_of(field.item)

        def check(value: Any) -> Fault | None:
            if type(value) is not list or not value or not all(is_file(each) for each in value):
                return field.fault("shape", part="upload")
            if len({each["id"] for each in value}) < len(value):
                return field.fault("shape", part="upload")
            return field.fault("attachment.many", part="upload", most=most) if len(value) > most else None

        return check

    def unfinished(self, field: Field, value: Any) -> Fault | None:
        """What approval still needs of a question that asks for several files."""
        least = field.item.min_items
        return field.fault("attachment.few", part="upload", least=least) if len(value) < least else None

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        files = [each for text in raw.get("file", ()) if (each := _file(text)) is not None]
        gone = frozenset(raw.get("remove", ()))
        held = "".join(_held(field, name, number, each, gone) for number, each in enumerate(files, start=1))
        content = (f'<ul class="nhsuk-list app-files">{held}</ul>' if held else "") + _upload(field, name)
        return grouped(field, name, content + absent.below(field, name, raw), fault, note, hint=_asked(field))

    def text(self, item: Item, value: Any) -> str:
        if not isinstance(value, list):
            return super().text(item, value)
        return "; ".join(file_in_words(each) for each in value if is_file(each))

    def value_schema(self, item: Item) -> JSONDict:
        properties = {
            "id": {"type": "string", "format": "uuid"},
            "name": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
            "kind": {"enum": list(KINDS)},
            "size": {"type": "integer", "minimum": 1},
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        }
        file = {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
        return {"type": "array", "items": file, "minItems": 1, "maxItems": most_of(item)}

    def slot_keys(self, value: Any) -> list[str]:
        return super().slot_keys(value) if is_absent(value) else ["yes"]


def _file(text: Any) -> JSONDict | None:
    """A file a page carried; None for what is not one."""
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return value if is_file(value) else None


def _held(field: Field, name: str, number: int, file: JSONDict, gone: frozenset[Any]) -> str:
    """One file that is there already: where to open it, what it is, and the box that takes it away."""
    own = join(name, f"file-{number}")
    address = _ADDRESS.format(id=file["id"])
    tick = Tick(file["id"], field.say.say("attachment.remove", name=file["name"]), file["id"] in gone)
    box = markup.ticks("checkboxes", join(name, "remove"), [tick], "").replace(
        f'id="{join(name, "remove")}"', f'id="{own}"'
    )
    box = box.replace(f'for="{join(name, "remove")}"', f'for="{own}"')
    box = box.replace('nhsuk-checkboxes"', 'nhsuk-checkboxes nhsuk-checkboxes--small"', 1)
    return (
        f'<li class="app-files__file"><a href="{address}">{markup.esc(file["name"])}</a>'
        f' <span class="nhsuk-hint app-files__about">{markup.esc(about_file(file))}</span>'
        f'<input type="hidden" name="{join(name, "file")}" value="{markup.esc(written(file))}">{box}</li>'
    )


def _upload(field: Field, name: str) -> str:
    """The control that takes new files."""
    several = most_of(field.item) > 1
    own, kinds = join(name, "upload"), kinds_of(field.item)
    accept = ",".join(ending for kind in kinds for ending in KINDS[kind].endings)
    control = (
        f'<input class="nhsuk-file-upload__input" id="{own}" name="{own}" type="file" accept="{accept}"'
        f' aria-describedby="{name}-hint"{" multiple" if several else ""}>'
    )
    words = field.say.say("attachment.add.several" if several else "attachment.add")
    return markup.group(markup.label(own, words, "") + control)


def _asked(field: Field) -> str:
    """ "PDF, JPEG or PNG, up to 10 MB each. At most 3 files."."""
    item, most = field.item, most_of(field.item)
    kinds = kinds_in_words(field)
    said = field.say.say("attachment.asked", kinds=kinds, size=size_in_words(largest_of(item)))
    return f"{said} {field.say.say('attachment.most', most=most)}" if most > 1 else said


def kinds_in_words(field: Field) -> str:
    """ "PDF, JPEG or PNG"."""
    titles = [KINDS[kind].title for kind in kinds_of(field.item)]
    return f" {field.say.say('or')} ".join(filter(None, (", ".join(titles[:-1]), titles[-1])))
