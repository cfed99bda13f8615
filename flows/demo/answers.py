"""What the invented people write into forms: plausible, never the same twice, and the same at every replay."""

from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Any

from campaigns.definition.form import Field, Form

SENTENCES = (
    "已按方案逐项落实，责任到人，资料齐全备查。",
    "现场逐处核对，发现的问题已列清单、定责任人、定期限。",
    "会上逐条学习并结合本单位实际作了部署，形成纪要。",
    "对照通知要求逐条自查，制度已修订并公示。",
    "组织骨干人员共同研究，明确分工，每周碰头一次。",
    "与班组逐一谈心，讲清风险和防范措施，签字确认。",
)
LINES = {
    "内容": "判定标准专题学习",
    "题": "动火作业事故警示",
    "地": "库区值班室",
    "人": "生产、技术、安全人员",
    "文": "安字〔{year}〕{number}号",
}
HAZARDS = (
    ("坝面排水沟局部淤堵", "初期坝下游坡", False, ""),
    ("值班室应急照明电池失效", "库区值班室", False, ""),
    ("干滩长度观测标尺缺失", "沉积滩", False, ""),
    ("浸润线观测孔一处损坏", "三级子坝", False, ""),
    ("排洪斜槽盖板开裂", "排洪系统", True, "矿安〔2022〕88号，尾矿库部分，排洪系统（示例）"),
    ("外包队伍两名电工证件过期", "外包队伍驻地", False, ""),
    ("坝体下游坡局部渗水", "二级子坝", True, "矿安〔2022〕88号，尾矿库部分，坝体（示例）"),
    ("值守人员不熟悉撤离路线", "库区值班室", False, ""),
)


def answers(form: Form, *, day: date, signer: str, hazards: int, chance: Random) -> dict[str, Any]:
    """Return what is typed into every blank of a form; files are attached beside it."""
    rows = [hazard(chance, chance.randrange(len(HAZARDS))) for _ in range(hazards)]
    return {
        field.title: rows if field.kind == "隐患列表" else _typed(field, day, signer, chance)
        for field in form.fields
        if not _left_blank(field, nothing_found=not hazards)
    }


def hazard(chance: Random, which: int) -> dict[str, str]:
    """Return one found hazard as a row of a form."""
    title, location, major, criterion = HAZARDS[which % len(HAZARDS)]
    return {
        "title": title,
        "location": location,
        "description": f"巡查时发现{title}，长约{chance.randint(1, 6)}米。"
        if "裂" in title
        else f"巡查时发现{title}。",
        "major": "是" if major else "否",
        "criterion": criterion,
    }


def _left_blank(field: Field, *, nothing_found: bool) -> bool:
    if field.kind in {"照片", "附件"}:
        return True
    if field.kind == "签字" and "为空时" in field.required:
        return not nothing_found
    return field.kind == "隐患列表" and nothing_found


def _typed(field: Field, day: date, signer: str, chance: Random) -> str | list[str]:
    writer = WRITERS.get(field.kind, _line)
    return writer(field, day, signer, chance)


def _several(field: Field, day: date, signer: str, chance: Random) -> list[str]:
    most = min(len(field.choices), field.maximum or 3)
    return chance.sample(field.choices, chance.randint(max(1, field.minimum or 1), most))


def _line(field: Field, day: date, signer: str, chance: Random) -> str:
    for word, line in LINES.items():
        if word in field.title:
            return line.format(year=day.year, number=chance.randint(1, 60))
    return field.title


SELDOM = ("一案双罚", "移送", "危险作业罪")
FEW = {"行政处罚": 1, "罚款": 20000, "案例数": 1}

Writer = Callable[[Field, date, str, Random], str | list[str]]

WRITERS: Mapping[str, Writer] = {
    "日期": lambda field, day, signer, chance: day.isoformat(),
    "时间": lambda field, day, signer, chance: f"{chance.randint(8, 16):02d}:30",
    "单选": lambda field, day, signer, chance: chance.choice(field.choices),
    "多选": _several,
    "整数": lambda field, day, signer, chance: str(_number(field, chance)),
    "小数": lambda field, day, signer, chance: str(_number(field, chance)),
    "金额": lambda field, day, signer, chance: str(_number(field, chance)),
    "是否": lambda field, day, signer, chance: "是" if chance.random() < _odds(field) else "否",
    "电话": lambda field, day, signer, chance: "0635-0000000",
    "人员": lambda field, day, signer, chance: signer,
    "签字": lambda field, day, signer, chance: signer,
    "长文本": lambda field, day, signer, chance: chance.choice(SENTENCES),
}


def _number(field: Field, chance: Random) -> int:
    low = field.minimum or 0
    if field.title.startswith(SELDOM) or "其中" in field.title:
        return low
    if field.title in FEW:
        return max(low, FEW[field.title])
    high = field.maximum if field.maximum is not None else low + (60 if field.unit == "人" else 12)
    return chance.randint(min(low + 1, high), high)


def _odds(field: Field) -> float:
    return (
        0.12
        if field.title.startswith(("主要负责人未", "未", "机构", "特种", "外包", "安全教育", "制度", "责令"))
        else 0.9
    )
