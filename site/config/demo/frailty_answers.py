"""What the frailty care plans of the practice world say: every kind of question, with the warnings they raise."""

import datetime
from typing import Any

from config.demo.answers import Writer


class FrailtyWriter(Writer):
    """Fills the frailty care plan for one person, deterministically."""

    form_key = "frailty-care-plan"

    def _health(self) -> dict[str, Any]:
        return self._goals() | self._frailty() | self._living() | self._falls() | self._mind() | self._weight()

    def _days_ago(self, days: int) -> str:
        return (self.today - datetime.timedelta(days=days)).isoformat()

    def _number(self, value: float, unit: str = "") -> dict[str, str]:
        return {"value": str(value), "unit": unit}

    def _goals(self) -> dict[str, Any]:
        return {
            "important-to-me": "Sleeping in my own bed, my cat, and nobody deciding for me behind my back.",
            "good-day": "A walk to the gate, the radio, a visit from the grandchildren.",
            "worries": "Falling at night and lying there. Going into hospital and not coming out.",
            "goal": [
                {
                    "id": "1",
                    "goal-what": "Walk to the bench at the end of the road",
                    "goal-step": "To the gate and back, every morning",
                    "goal-who": "Daughter and the physiotherapist",
                    "goal-by": (self.today + datetime.timedelta(days=42)).isoformat(),
                },
                {"id": "2", "goal-what": "Cook Sunday lunch again", "goal-step": "A stool to sit on in the kitchen"},
            ],
        }

    def _frailty(self) -> dict[str, Any]:
        severe = self.serial % 2 == 0
        return {
            "frailty-level": self.coded("frailty-level", "925861000000102" if severe else "925831000000107"),
            "frailty-score": self._number(7 if severe else 6),
            "frailty-scored-on": self._days_ago(14),
            "frailty-change": self.coded("frailty-change", "slowly-worse" if severe else "same"),
            "condition": [
                {
                    "id": "1",
                    "condition-name": "Heart failure",
                    "condition-since": "2021",
                    "condition-sign": "Swollen legs, needs a third pillow",
                },
                {"id": "2", "condition-name": "Osteoporosis", "condition-since": "2018-05"},
            ],
            "understanding": "Knows that the heart will not get stronger. Wants to hear things straight.",
            "prognosis": self.coded("prognosis", "767503006"),
        }

    def _living(self) -> dict[str, Any]:
        needs = {"wash": "full", "dress": "some", "eat": "alone", "toilet": "some", "move": "some"}
        answers: dict[str, Any] = {f"living-{key}": self.coded(f"living-{key}", code) for key, code in needs.items()}
        return answers | {
            "help": [{"id": "1", "help-who": "Home care", "help-when": "8am and 6pm every day"}],
            "help-enough": True,
            "equipment": "Walking frame, bath board, pendant alarm",
        }

    def _falls(self) -> dict[str, Any]:
        return {
            "falls-count": self._number(2),
            "fall": [
                {
                    "id": "1",
                    "fall-when": self._days_ago(30)[:7],
                    "fall-what": "Bathroom, at night",
                    "fall-hurt": True,
                    "fall-lie": True,
                },
                {"id": "2", "fall-when": self._days_ago(90), "fall-what": "Front step", "fall-hurt": False},
            ],
            "falls-fear": self._number(7),
            "get-up": self._number(21, "s"),
            "pressure-lying": self._number(142, "mmHg"),
            "pressure-standing": self._number(118, "mmHg"),
            "falls-plan": "Falls clinic booked. Night light fitted. Blood pressure tablets lowered.",
            "walking-aid": [self.coded("walking-aid", "frame")],
        }

    def _mind(self) -> dict[str, Any]:
        return {
            "ordinary-day": "Awake and chatty, hard of hearing, walks indoors with the frame, eats small meals.",
            "memory": self.coded("memory", "good"),
            "delirium": True,
            "delirium-signs": "Picks at the blanket and calls for her mother. Glasses, hearing aid and her daughter help.",
            "mood": self._number(6),
            "company": self.coded("company", "some"),
            "safeguarding": False,
        }

    def _weight(self) -> dict[str, Any]:
        return {
            "weight-before": self._number(58, "kg"),
            "weight-now": self._number(54.5, "kg"),
            "weight-on": self._days_ago(10),
            "swallowing": False,
            "medicine-count": self._number(11),
            "medicine-review-on": self._days_ago(60)[:7],
            "medicine-risk": [self.coded("medicine-risk", "anticoagulant"), self.coded("medicine-risk", "pressure")],
            "medicine": [
                {
                    "id": "1",
                    "medicine-name": "Apixaban 2.5 mg twice a day",
                    "medicine-for": "Irregular heartbeat",
                    "medicine-note": "Bleeding after a fall, head above all",
                }
            ],
        }
