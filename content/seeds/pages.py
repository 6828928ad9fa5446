"""Pages as data: slug, title, introduction and body blocks; `under` names the parent's slug ("" is the front page)."""

from typing import Any

HOME: dict[str, Any] = {
    "title": "Your wishes, known when it matters",
    "intro": (
        "Foreword holds care plans that a person makes with their nurse or doctor, and shows them within seconds "
        "to the crews, call handlers and hospital staff who may be called at night."
    ),
    "action": ("Find out how to join", "/joining/"),
}

PAGES: list[dict[str, Any]] = [
    {
        "under": "",
        "slug": "professionals",
        "title": "For health and care professionals",
        "card": "Make a plan with somebody, or read one in an emergency",
        "intro": "A plan says what matters to a person, what to do if they get worse, and where they want to be.",
        "body": [
            ("heading", "What a plan is for"),
            (
                "text",
                "<p>A nurse or doctor writes the plan together with the person. A doctor approves it. From then on every "
                "organisation that gives urgent care in the area can open it: ambulance crews, 111 call handlers, "
                "out-of-hours doctors, emergency departments and urgent care centres.</p>"
                "<p>The plan covers diagnoses, people to call, medicines kept at home, decisions about "
                "resuscitation and treatment, and the places where the person would like to be cared for and to die.</p>",
            ),
            ("heading", "What it is not"),
            (
                "inset",
                "<p>A plan guides care and is not legally binding. You use your clinical judgement. An advance decision to "
                "refuse treatment is different: if it is valid and applies, it binds, wherever it is kept.</p>",
            ),
            ("heading", "Before you start"),
            (
                "text",
                "<p>Your organisation has signed the sharing agreement, you are on its list of authorised staff, and "
                "you have passed the short course. The service tells you which of these is missing and who can help.</p>",
            ),
            ("action", ("Take the course", "/learning/")),
        ],
    },
    {
        "under": "",
        "slug": "joining",
        "title": "Joining",
        "card": "Three steps for an organisation that wants to use the service",
        "intro": "An organisation joins in three steps. Most of the time goes into reading the agreement.",
        "body": [
            (
                "steps",
                [
                    (
                        "Sign the agreement",
                        "<p>Your Caldicott Guardian reads the information sharing agreement on this site and signs it here. "
                        "The host of the service signs after them. Nothing is posted.</p>",
                    ),
                    (
                        "List your staff",
                        "<p>A lead in your organisation lists the people who may use the service, with their role. Whoever "
                        "leaves is taken off the list and loses access at once.</p>",
                    ),
                    (
                        "Learn",
                        "<p>Everybody takes a course of about ten minutes for their role. The pass opens the service.</p>",
                    ),
                ],
            ),
            ("inset", "<p>Anybody may create an account and take the course before their organisation has joined.</p>"),
        ],
    },
    {
        "under": "",
        "slug": "information-governance",
        "title": "For information governance and IT",
        "card": "Who may see what, how it is recorded, and how systems connect",
        "intro": "Sharing rests on the person's consent, an agreement between the organisations, and a list of named staff.",
        "body": [
            ("heading", "Who may read a plan"),
            (
                "text",
                "<ul><li>the organisations of the person's care team</li><li>staff of urgent care organisations, who say "
                "why they open it</li><li>the person, and people they chose</li></ul><p>Everybody else is answered as "
                "if there were no plan.</p>",
            ),
            ("heading", "What is recorded"),
            (
                "text",
                "<p>Every look and every change, with who, when, for which organisation and why, before the answer "
                "leaves the server. The record cannot be changed without the change being found.</p>",
            ),
            ("heading", "Connecting a system"),
            (
                "text",
                "<p>A connected system asks whether a person has a plan and keeps a flag. It gets the same answer for "
                "somebody unknown and for somebody who does not share. No software is installed on anybody's computer.</p>",
            ),
        ],
    },
    {
        "under": "",
        "slug": "patients",
        "title": "For patients and carers",
        "card": "What a plan is, who sees it, and how to start",
        "intro": "If you are seriously ill, a plan lets the people who come to help know what you want.",
        "body": [
            ("heading", "What you can say in a plan"),
            (
                "text",
                "<ul><li>what matters to you</li><li>where you would like to be cared for</li><li>the treatments you want "
                "or do not want</li><li>whom to call</li><li>how to get into your home</li></ul><p>You do not have to "
                "answer everything. You can change your mind at any time.</p>",
            ),
            ("heading", "Who can see it"),
            (
                "text",
                "<p>Only people who are trained and on a list, and only if you agree to share it. You can ask who has "
                "looked at your plan and when.</p>",
            ),
            ("heading", "How to start"),
            (
                "text",
                "<p>Talk to your nurse or doctor. They write the plan with you, and a doctor approves it. Ambulance staff "
                "can see it after that.</p>",
            ),
            ("warning", ("If you need help now", "<p>Call 999 in an emergency, or 111 if it can wait a little.</p>")),
        ],
    },
    {
        "under": "",
        "slug": "accessibility-statement",
        "title": "Accessibility statement",
        "intro": "We want everybody to be able to use this service: by keyboard, with a screen reader, zoomed, or on paper.",
        "body": [
            ("heading", "How accessible it is"),
            (
                "text",
                "<p>The service is built to the Web Content Accessibility Guidelines version 2.2, level AA. Automated checks "
                "run on its pages with every change. They find only part of what can be wrong; nobody with a disability "
                "has tested it with us yet.</p>",
            ),
            ("heading", "What we know is not right"),
            (
                "text",
                "<p>PDF files are not tagged for screen readers. Each has a page on this site that says the same.</p>",
            ),
            ("heading", "Tell us"),
            (
                "text",
                "<p>If something does not work for you, tell the service desk of the organisation that runs it.</p>",
            ),
        ],
    },
    {
        "under": "",
        "slug": "privacy",
        "title": "Privacy",
        "intro": "What is kept about you, why, and what you can ask for.",
        "body": [
            (
                "text",
                "<p>A plan is shared to care for the person it is about, with their agreement, or in their best interests when "
                "they cannot decide. The organisations that use the service are answerable together for it.</p>"
                "<p>You can ask to see what is held about you, to have mistakes put right, and to stop sharing.</p>",
            ),
        ],
    },
    {
        "under": "",
        "slug": "help",
        "title": "Help",
        "intro": "What to do when something stands in your way.",
        "body": [
            ("heading", "I cannot get in"),
            (
                "text",
                "<p>The page that refuses you says what is missing: the agreement, the staff list or the training, and who "
                "can put it right.</p>",
            ),
            ("heading", "I cannot find somebody's plan"),
            (
                "text",
                "<p>Check each digit of the number, or search by surname with the date of birth. No plan here does not mean "
                "that there is no decision on paper.</p>",
            ),
        ],
    },
]
