"""What differs between the five offices, line by line, and each one's own values (X, XI, V and P lines)."""

from typing import Any, Final

from huiyin.client.line import Json


def term(amount: int, unit: str) -> Json:
    return {"amount": amount, "unit": unit}


WD7: Final = term(7, "wd")
LEVELS: Final = ("urgent", "high", "normal", "low")
#: line → key → what it is in S0 … S4.
LINES: Final[dict[str, dict[str, tuple[Any, Any, Any, Any, Any]]]] = {
    "X-01": {
        "deadline.general": (term(3, "month"), term(10, "wd"), term(15, "wd"), None, WD7),
    },
    "X-02": {
        "deadline.classes.complex": (None, term(15, "wd"), term(2, "month"), None, None),
        "deadline.classes.legacy": (None, None, term(3, "month"), None, None),
    },
    "X-03": {"deadline.urgency.urgent": (None, None, None, term(2, "hour"), None)},
    "X-04": {"deadline.start": ("accepted", "accepted", "accepted", "accepted", "assigned")},
    "X-05": {
        "deadline.target": (term(2, "month"), term(5, "wd"), term(10, "wd"), None, term(5, "wd")),
    },
    "X-06": {
        "extension.allowed": (False, False, False, False, True),
        "extension.cap": (None, None, None, None, term(30, "wd")),
    },
    "X-07": {
        "overdue.actions": (
            ["explain_to_complainant", "explain_to_assigner"],
            ["tell_leader"],
            ["explain_to_assigner", "written_supervision"],
            ["tell_leader"],
            ["written_supervision", "tell_leader"],
        )
    },
    "X-08": {
        "urge.before": (None, None, term(3, "day"), None, None),
        "urge.after": (True, False, False, True, True),
        "urge.form": ("message", "none", "slip", "message", "slip"),
    },
    "X-09": {"dispatch.leader_gate": ("flagged", "flagged", "all", "none", "none")},
    "X-10": {"repeat.policy": ("link", "link", "special", "tell_result", "link")},
    "X-11": {
        "emergency.policy": (
            "report_at_once",
            "report_first",
            "report_at_once",
            "transfer",
            "verify_and_handle",
        )
    },
    "X-12": {
        "multi_unit.policy": (
            "by_subject",
            "submit",
            "lead_by_main_problem",
            "catalogue",
            "duty_room_designates",
        )
    },
    "X-13": {"dispute.policy": ("none", "submit", "joint_study", "none", "ask_leader")},
    "X-14": {
        "accusation.route": (
            "superior_head",
            "named_unit",
            "superior_head",
            "discipline_channel",
            "superior_head",
        ),
        "accusation.override": ("none", "none", "organisation_approval", "none", "none"),
    },
    "X-15": {
        "confidential.default": (
            ["everything"],
            ["marked"],
            ["accusing", "privacy"],
            ["privacy"],
            ["informants", "privacy"],
        )
    },
    "X-16": {"anonymous.accept": (True, False, True, True, True)},
    "X-17": {
        "intake.required_fields": (
            [],
            ["name", "phone", "work_unit", "address"],
            ["name", "work_unit", "occupation", "address"],
            ["contact"],
            ["name"],
        )
    },
    "X-20": {
        "intake.hours.call": (None, None, None, [{"from": "00:00", "to": "24:00", "days": "all"}], None),
    },
    "X-21": {"excluded_channels.policy": ("handle", "handle", "handle", "point", "point")},
    "X-22": {
        "out_of_scope.policy": ("direct_and_contact", "none", "transfer", "inform", "tell_or_phone"),
    },
    "X-23": {"reply.owner.call": ("office", "office", "officer", "office", "office")},
    "X-24": {
        "reply.exempt": (
            ["anonymous_letter"],
            [],
            ["anonymous_without_contact"],
            ["emergency_transfer", "excluded_channel"],
            ["anonymous_without_contact", "unnamed_report"],
        )
    },
    "X-25": {"notify.on_transfer": ([], [], ["letter"], [], ["call", "letter", "mailbox", "web"])},
    "X-26": {
        "reply.before_facts": (
            "block_allegations",
            "free",
            "block_allegations",
            "block_allegations",
            "block_allegations",
        )
    },
    "X-29": {"publish.enabled": (False, False, False, True, True)},
    "X-30": {"site_visit.media": ("never", "never", "never", "never", "may_join")},
    "X-31": {"archive.rule": ("by_decision", "all", "all", "all", "of_value")},
    "X-32": {
        "misuse.policy": (
            ["persuade"],
            ["persuade", "limit"],
            ["persuade", "report", "police"],
            ["persuade", "limit"],
            ["persuade", "limit"],
        )
    },
    "X-34": {"legal_class.consumer.term": (WD7, WD7, WD7, WD7, WD7)},
    "XI-01": {"letter.desk": ("office", "office", "office", "office", "office")},
    "XI-02": {"reply.owner.visit": ("office", None, "unit", None, None)},
    "XI-03": {
        "deadline.leader_assigned": (
            None,
            None,
            {"general": term(2, "month"), "complex": term(3, "month"), "start": "assigned"},
            None,
            None,
        )
    },
    "XI-04": {
        "deadline.by_channel.letter": (
            None,
            None,
            {"term": term(15, "wd"), "start": "unit_received", "classes": ["ordinary"]},
            None,
            None,
        )
    },
    "XI-05": {"accusation.staff_override": ("none", "none", "none", "none", "none")},
    "XI-06": {"class3.match": ("any", "any", "any", "any", "any")},
    "XI-07": {"dispatch.submission_first": (False, True, False, False, False)},
    "XI-09": {"extension.cap_counts": ("total", "total", "total", "total", "total")},
    "XI-10": {"reply.referral_counts": (False, False, False, True, True)},
    "V-01": {
        "terms.timely": (term(2, "wd"), term(1, "wd"), term(1, "wd"), term(4, "hour"), term(1, "wd")),
    },
    "V-02": {
        "terms.immediately": (*(term(30, "minute"),) * 3, term(15, "minute"), term(30, "minute")),
    },
    "V-03": {
        "terms.quickly": (
            term(8, "hour"),
            term(4, "hour"),
            term(4, "hour"),
            term(2, "hour"),
            term(4, "hour"),
        )
    },
    "V-04": {"terms.regularly": ("month", "month", "quarter", "week", "month")},
    "V-05": {
        "terms.within_limit": (term(10, "wd"), term(5, "wd"), term(15, "wd"), term(3, "wd"), term(5, "wd")),
    },
    "V-07": {
        "terms.malicious.calls": (20, 20, 10, 30, 20),
        "terms.malicious.minutes": (60, 60, 60, 90, 60),
    },
}


#: Of each office's values those that stand in no line of difference above (P lines).
VALUES: Final[dict[str, tuple[int, dict[str, Any]]]] = {
    "P-S0": (
        0,
        {
            "deadline.general": term(3, "month"),
            "extension.allowed": False,
            "extension.cap": None,
            "dispatch.leader_gate": "flagged",
            "confidential.default": ["everything"],
            "reply.exempt": ["anonymous_letter"],
            "archive.rule": "by_decision",
        },
    ),
    "P-S1": (
        1,
        {
            "deadline.general": term(10, "wd"),
            "deadline.target": term(5, "wd"),
            "deadline.classes.complex": term(15, "wd"),
            "dispatch.forms": ["immediate", "assign", "direct", "submit"],
            "confidential.default": ["marked"],
            "intake.required_fields": ["name", "phone", "work_unit", "address"],
        },
    ),
    "P-S2": (
        2,
        {
            "deadline.general": term(15, "wd"),
            "deadline.classes": {
                "ordinary": term(15, "wd"),
                "complex": term(2, "month"),
                "legacy": term(3, "month"),
            },
            "deadline.by_channel.letter.term": term(15, "wd"),
            "deadline.by_channel.letter.start": "unit_received",
            "deadline.leader_assigned.general": term(2, "month"),
            "deadline.leader_assigned.complex": term(3, "month"),
            "urge.before": term(3, "day"),
            "dispatch.leader_gate": "all",
            "archive.rule": "all",
        },
    ),
    "P-S3": (
        3,
        {
            "deadline.general": None,
            "deadline.urgency": {
                "urgent": term(2, "hour"),
                "high": term(24, "hour"),
                "normal": term(7, "day"),
                "low": term(15, "day"),
            },
            "dispatch.leader_gate": "none",
            "multi_unit.policy": "catalogue",
            "repeat.policy": "tell_result",
            "emergency.lines": ["110", "119", "120", "122"],
            "review.dissatisfied": "review",
        },
    ),
    "P-S4": (
        4,
        {
            "deadline.general": WD7,
            "extension.allowed": True,
            "extension.approver": "supervisor",
            "extension.cap": term(30, "wd"),
            "extension.cap_counts": "total",
            "overdue.actions": ["written_supervision", "tell_leader"],
            "publish.enabled": True,
            "legal_class.consumer.term": WD7,
            "legal_class.consumer.extendable": False,
        },
    ),
}
