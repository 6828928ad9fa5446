"""The course every role starts with."""

from typing import Any

COURSE: dict[str, Any] = {
    "key": "using-foreword",
    "slug": "using-foreword",
    "title": "Using Foreword safely",
    "version": "1",
    "minutes": 10,
    "intro": "Three short lessons and five questions. The pass opens the service for your role.",
    "lessons": [
        (
            "what-a-plan-says",
            "What a plan says",
            "<p>A plan tells you what a person wants, in their words and in decisions made with them. It is approved by a "
            "doctor before anybody in urgent care can read it.</p><p>The emergency view always has the same order: who "
            "this is, resuscitation, limits of treatment, advance decision, places, allergies, medicines at home, whom "
            "to call, how to get in.</p><p>When something was not asked or is not known, the page says so. Never read a "
            "missing answer as a no.</p>",
        ),
        (
            "reading-lawfully",
            "Reading lawfully",
            "<p>You may open a plan when you are caring for the person or advising somebody who is. You say why, and that is "
            "recorded with your name.</p><p>The person can see who has looked. Looking out of curiosity is a breach "
            "and is found.</p><p>Ask the person first if they can decide now. What they say now comes before what was "
            "written.</p>",
        ),
        (
            "keeping-it-right",
            "Keeping it right",
            "<p>A plan that is out of date still shows what was decided, with the date its review was due beside it. Late "
            "paper does not change a decision.</p><p>If the person has changed their mind, set the mark at once; it "
            "shows to everybody before anyone approves anything.</p><p>Nobody approves alone what they wrote, "
            "unless that was agreed in writing for their service, and then the plan says so.</p>",
        ),
    ],
    "quiz": [
        (
            "The plan says “Allergies not recorded”. What do you take from it?",
            [
                ("The person has no allergies", False, "Not recorded is not the same as none."),
                ("Nobody has recorded whether there are any", True, ""),
                ("The page is broken", False, "It says what is known: nothing."),
            ],
        ),
        (
            "A person who can decide tells you something else than their plan says. What counts?",
            [
                ("What the plan says", False, "The plan guides; the person decides while they can."),
                ("What the person says now", True, ""),
                ("What the family prefers", False, "The person decides while they can."),
            ],
        ),
        (
            "The review of a resuscitation decision was due last month. What does the page show?",
            [
                ("The same decision, with the date its review was due", True, ""),
                ("“CPR decision not recorded”", False, "A late review does not undo a decision."),
                ("Nothing until it is reviewed", False, "A late review does not hide a decision."),
            ],
        ),
        (
            "A neighbour of yours has a plan and you wonder how she is. May you look?",
            [
                ("Yes, if I give a reason", False, "A reason must be true: care for her, or advice about her."),
                ("No", True, ""),
                ("Yes, if I do not tell anybody", False, "Every look is recorded and can be seen by the person."),
            ],
        ),
        (
            "Is a care plan legally binding?",
            [
                ("Yes, always", False, "A plan guides care."),
                ("No, but a valid and applicable advance decision to refuse treatment is", True, ""),
                ("No, and nothing in it ever is", False, "An advance decision may be, if valid and applicable."),
            ],
        ),
    ],
}
