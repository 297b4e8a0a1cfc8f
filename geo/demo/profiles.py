"""Shares by which synthetic records are drawn.

None of them is a statistic. They follow what the public reports say in words (recruitment shifts
from marriage and sexual exploitation in China to online fraud in Cambodia; acquaintances give way
to social networks) and are rounded, so that nobody takes them for figures. Codes are those of
geo/records/code_lists.csv; keys joined by `+` stand for several codes of one record.
"""

from collections.abc import Mapping

Shares = Mapping[str, Mapping[str, float]]

# Groups of communes: the border sections by neighbour, and the rest of the country.
SECTIONS = ("CHN", "LAO", "KHM", "inland")
ERAS = ("early", "late")

KIND: Shares = {
    "border": {
        "foiled": 24, "exit_lead": 15, "tip": 20, "case150": 11, "case151": 3, "rescue": 8,
        "handover": 8, "self_return": 5, "missing": 3, "fetus": 1, "adoption": 0.5,
        "retaliation": 0.4, "false_claim": 0.3, "other": 0.8,
    },
    "inland": {
        "tip": 42, "missing": 17, "case150": 14, "case151": 5, "self_return": 8, "rescue": 5,
        "exit_lead": 3, "fetus": 1.5, "adoption": 1.5, "retaliation": 1, "false_claim": 1,
        "other": 1,
    },
}  # fmt: skip

STATUS: Shares = {
    "recent": {
        "received": 34, "verifying": 36, "under_id": 15, "identified": 10, "not_victim": 2,
        "duplicate": 3,
    },
    "settled": {
        "received": 3, "verifying": 12, "under_id": 10, "identified": 45, "not_victim": 3,
        "duplicate": 2, "closed": 25,
    },
}  # fmt: skip

DESTINATION: Shares = {
    "CHN early": {"CN": 88, "KH": 4, "MM": 2, "UNKNOWN": 6},
    "CHN late": {"CN": 55, "KH": 25, "MM": 8, "TW": 2, "UNKNOWN": 10},
    "LAO early": {"LA": 60, "CN": 14, "TH": 10, "KH": 8, "UNKNOWN": 8},
    "LAO late": {"LA": 55, "KH": 18, "MM": 14, "TH": 8, "UNKNOWN": 5},
    "KHM early": {"KH": 90, "TH": 3, "MY": 3, "UNKNOWN": 4},
    "KHM late": {"KH": 92, "TH": 3, "MM": 3, "UNKNOWN": 2},
    "inland early": {
        "CN": 40, "KH": 15, "VN": 20, "LA": 6, "MY": 4, "TW": 3, "KR": 3, "GB": 3, "UNKNOWN": 6,
    },
    "inland late": {
        "KH": 50, "CN": 12, "VN": 14, "LA": 6, "MM": 7, "TW": 2, "GB": 2, "RU": 1, "OTHER": 1,
        "UNKNOWN": 5,
    },
}  # fmt: skip

PURPOSE: Shares = {
    "CN early": {
        "marriage": 38, "sexual": 28, "labour": 14, "birth": 4, "surrogacy": 3, "adoption": 3,
        "sexual+gain": 5, "unknown": 5,
    },
    "CN late": {
        "marriage": 34, "sexual": 22, "labour": 20, "scam": 8, "birth": 4, "surrogacy": 4,
        "adoption": 2, "unknown": 6,
    },
    "KH early": {"scam": 38, "labour": 24, "sexual": 22, "scam+gain": 5, "crime": 5, "unknown": 6},
    "KH late": {"scam": 66, "scam+gain": 12, "labour": 8, "sexual": 6, "crime": 4, "unknown": 4},
    "other early": {"labour": 36, "sexual": 26, "scam": 20, "domestic": 6, "unknown": 12},
    "other late": {"scam": 46, "labour": 26, "sexual": 16, "scam+crime": 4, "unknown": 8},
    "VN early": {
        "sexual": 42, "labour": 26, "child_labour": 8, "begging": 5, "domestic": 5, "gain": 8,
        "inhuman": 0.5, "organ": 0.5, "unknown": 5,
    },
    "VN late": {
        "sexual": 38, "labour": 30, "child_labour": 7, "crime": 6, "gain": 8, "domestic": 4,
        "begging": 3, "organ": 0.5, "unknown": 3.5,
    },
    "UNKNOWN early": {"unknown": 55, "labour": 20, "sexual": 15, "gain": 10},
    "UNKNOWN late": {"unknown": 50, "scam": 25, "labour": 20, "gain": 5},
}  # fmt: skip

# What the first purpose of a record means for who is drawn in, and how.
PROFILE_OF_PURPOSE = {
    "scam": "work", "labour": "work", "crime": "work", "domestic": "work", "gain": "work",
    "marriage": "marriage", "birth": "marriage", "surrogacy": "marriage",
    "sexual": "sexual", "unknown": "sexual", "inhuman": "sexual",
    "adoption": "child", "child_labour": "child", "begging": "child", "organ": "work",
}  # fmt: skip

TACTIC: Shares = {
    "work": {"easy_job": 72, "export_labour": 14, "debt_trap": 8, "trip": 4, "": 2},
    "marriage": {"marry_abroad": 66, "romance": 20, "easy_job": 8, "trip": 4, "": 2},
    "sexual": {"easy_job": 42, "romance": 28, "trip": 18, "debt_trap": 8, "": 4},
    "child": {"adopt": 46, "easy_job": 24, "trip": 20, "": 10},
}

CHANNEL: Shares = {
    "work": {
        "facebook": 26, "zalo": 18, "telegram": 12, "tiktok": 9, "messenger": 8, "job_site": 5,
        "facebook+zalo": 7, "viber": 1, "wechat": 1, "acquaint": 7, "broker_job": 4, "phone": 2,
    },
    "marriage": {
        "broker_marriage": 26, "acquaint": 20, "relative": 10, "facebook": 14, "zalo": 12,
        "wechat": 9, "dating": 4, "qq": 1, "stranger": 4,
    },
    "sexual": {
        "facebook": 24, "zalo": 18, "messenger": 8, "acquaint": 20, "stranger": 8, "dating": 6,
        "instagram": 2, "line": 1, "relative": 4, "unknown": 9,
    },
    "child": {"acquaint": 30, "relative": 18, "facebook": 24, "zalo": 14, "stranger": 6, "": 8},
}  # fmt: skip

MEANS: Shares = {
    "work": {
        "deceit": 40, "deceit+debt": 16, "deceit+documents": 12, "deceit+confine": 14,
        "deceit+confine+hours": 5, "threat": 4, "force": 2, "unknown": 7,
    },
    "marriage": {"deceit": 64, "deceit+other_trick": 14, "psych": 6, "force": 4, "unknown": 12},
    "sexual": {
        "deceit": 48, "deceit+debt": 16, "threat+confine": 10, "psych": 8, "drugs": 3,
        "force": 5, "unknown": 10,
    },
    "child": {"none_u18": 60, "deceit": 30, "other_trick": 10},
}  # fmt: skip

ACTS: Shares = {
    "leaving": {"recruit+transport": 46, "transport": 28, "transport+transfer": 18, "recruit": 8},
    "returned": {"recruit+transport+receive": 50, "recruit+transfer": 30, "harbour+receive": 20},
    "reported": {"recruit": 62, "recruit+transport": 24, "harbour": 8, "transfer": 6},
}
ACTS_OF_KIND = {
    "foiled": "leaving", "exit_lead": "leaving", "rescue": "returned", "handover": "returned",
    "self_return": "returned",
}  # fmt: skip

AGENCY: Shares = {
    "border": {"DBP": 52, "BDBP_T": 12, "CA_X": 16, "CA_T": 12, "T111": 4, "HLHPN": 2, "MPS": 2},
    "inland": {"CA_X": 38, "CA_T": 28, "T111": 16, "UBND_X": 8, "HLHPN": 6, "BTXH": 2, "MPS": 2},
}

PRECISION: Shares = {"any": {"exact": 60, "village": 11, "commune": 25, "legacy_district": 4}}
FOUND_BY: Shares = {
    "exact": {"gps": 45, "map": 35, "coordinates": 20},
    "village": {"map": 30, "place": 70},
}

# Victims: share of women, and age bands, by profile; members of ethnic minorities, by section.
FEMALE_SHARE = {"work": 0.34, "marriage": 0.97, "sexual": 0.93, "child": 0.55}
AGE_BANDS = ("0-10", "11-14", "15", "16-17", "18-25", "26-40", "41+", "u")
ADULTS_FROM_16 = {
    "work": (16, 44, 30, 6, 4),
    "marriage": (22, 50, 22, 2, 4),
    "sexual": (28, 48, 18, 2, 4),
    "child": (85, 8, 2, 1, 4),
}
UNDER_16 = {
    "work": (4, 46, 50),
    "marriage": (2, 48, 50),
    "sexual": (4, 50, 46),
    "child": (55, 27, 18),
}
MINORITY_SHARE = {"CHN": 0.72, "LAO": 0.66, "KHM": 0.16, "inland": 0.22}
