"""What the plans of the practice world say, chosen so that every state of the emergency view occurs."""

import datetime
import random
from functools import cache
from typing import Any

from careplan_forms import seeds

#: uid of an item → its value set's options by code.
Options = dict[str, dict[str, dict[str, Any]]]


@cache
def option_table(form_key: str) -> Options:
    """The coded options of every item of a form that comes with the service."""
    document = seeds.form(form_key)
    table: Options = {}
    waiting = [item for section in document["sections"] for item in section["items"]]
    while waiting:
        item = waiting.pop()
        waiting += item.get("items") or []
        named = document["value_sets"].get(item.get("value_set"), item)
        if options := named.get("options"):
            table[item["uid"]] = {option["code"]: option for option in options}
    return table


class Writer:
    """Fills the urgent care plan for one person, deterministically."""

    form_key = "urgent-care-plan"

    def __init__(self, serial: int, today: datetime.date) -> None:
        self.serial = serial
        self.today = today
        self.chance = random.Random(serial)  # noqa: S311
        self.options = option_table(self.form_key)

    def coded(self, uid: str, code: str, text: str = "") -> dict[str, str]:
        """A coded answer as the form keeps it."""
        found = self.options[uid][code]
        return {"code": code, "system": found["system"], "display": found["display"], "text": text}

    def answers(self) -> dict[str, Any]:
        """A whole plan, ready to be sent for approval."""
        return (
            self._about()
            | self._health()
            | self._wishes()
            | self._treatment()
            | self._resuscitation()
            | self._medicines()
            | self._home()
        )

    def _about(self) -> dict[str, Any]:
        return {
            "person-confirmed": True,
            "consent": self.coded("consent", "person"),
            "carer-support": {"absent": "not-known", "reason": "Not asked yet"},
            "gp-name": {"absent": "not-known", "reason": "Not asked yet"},
            "contact": [
                self._contact("1", "Night nursing line", "palliative-line", "020 7946 0100", True),
                self._contact("2", "Daughter", "child", f"020 7946 0{200 + self.serial % 700}", False),
            ],
        }

    def _health(self) -> dict[str, Any]:
        conditions = ["Heart failure", "Lung cancer", "COPD", "Motor neurone disease", "Dementia", "Kidney failure"]
        return {"main-condition": self.chance.choice(conditions)}

    def _contact(self, row: str, name: str, relationship: str, phone: str, always: bool) -> dict[str, Any]:
        return {
            "id": row,
            "contact-name": name,
            "contact-relationship": self.coded("contact-relationship", relationship),
            "contact-phone": phone,
            "contact-24h": always,
        }

    def _wishes(self) -> dict[str, Any]:
        if self.serial % 9 == 4:
            place = {"absent": "not-discussed", "reason": "Too tired to talk about it today"}
            return {"care-first": place, "death-first": place}
        death = self.chance.choice(["110481000000108", "110481000000108", "108401000000102", "710571000000101"])
        return {
            "care-first": self.coded("care-first", "home"),
            "death-first": self.coded("death-first", death),
            "death-second": self.coded("death-second", "108401000000102"),
        }

    def _treatment(self) -> dict[str, Any]:
        focus = self.chance.choice(["comfort", "balance", "extend"])
        hospital = {"comfort": "no", "balance": "if-needed", "extend": "yes"}[focus]
        return {
            "treatment-focus": self.coded("treatment-focus", focus),
            "hospital": self.coded("hospital", hospital),
            "only-if": [{"id": "1", "only-if-line": "Hospital for a broken bone or pain that cannot be eased"}],
            "do-not": [{"id": "1", "do-not-line": "Intensive care"}],
            "adrt": self.coded("adrt", ["none", "not-asked", "reported"][self.serial % 3]),
        }

    def _resuscitation(self) -> dict[str, Any]:
        if self.serial % 10 == 7:
            return {"cpr-decision": {"absent": "not-discussed", "reason": "Not the right day"}}
        code = "450475007" if self.serial % 3 == 2 else "450476008"
        decided = self.today - datetime.timedelta(days=30 + self.serial)
        return {
            "cpr-decision": self.coded("cpr-decision", code),
            "cpr-talked-with": {"absent": "not-known", "reason": "Not asked yet"},
            "cpr-decided-on": decided.isoformat(),
            "cpr-decided-by": "Dr Anna Patel, GP",
            "cpr-review-on": (decided + datetime.timedelta(days=20 if self.serial % 5 == 4 else 365)).isoformat(),
        }

    def _medicines(self) -> dict[str, Any]:
        known = self.serial % 2 == 0
        answers: dict[str, Any] = {"allergies": self.coded("allergies", "known" if known else "none-known")}
        if known:
            answers["allergy"] = [{"id": "1", "allergy-what": "Penicillin: rash"}]
        in_home = self.serial % 3 == 0
        answers["just-in-case"] = self.coded("just-in-case", "376201000000102" if in_home else "not-prescribed")
        if in_home:
            answers["just-in-case-where"] = "Top of the fridge"
            answers["just-in-case-until"] = (self.today + datetime.timedelta(days=60)).isoformat()
        return answers

    def _home(self) -> dict[str, Any]:
        return {
            "access": "Side gate, key safe by the meter",
            "key-safe": True,
            "key-safe-code": f"C{1000 + self.serial}Y",
            "hazards": [self.coded("hazards", "dog")],
        }
