"""判定标准: what is known of a set before anybody has imported its clauses."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from campaigns.definition.deadlines import written_date
from campaigns.definition.written import Words, Written, key


def _day(value: object) -> object:
    if not isinstance(value, str):
        return value
    year, _, rest = value.partition("年")
    month, _, day = rest.partition("月")
    return written_date(year, month, day.removesuffix("日")).as_written


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]


class CriteriaSet(Written):
    """One set of the 判定标准, by its 文号: its dates (施行 inclusive), the sectors it is for, and its parts."""

    document_number: str = key("文号", "发文字号，也是这一套的编号", max_length=40)
    title: str = key("名称", "全称，不带书名号", max_length=120)
    issued_on: Day = key("印发", "印发日期")
    in_force_on: Day = key("施行", "从哪天起施行")
    ended_on: Day | None = key("停止施行", "最后一天", None)
    sectors: Words = key("行业", "适用的行业")
    parts: Words = key("部分", "分哪几部分", ())
