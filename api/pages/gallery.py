"""Every part with sample values on one page, in the demonstration only: for designers, screenshots and the accessibility test."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from fastapi import APIRouter, Request, Response

from api.deps import settings_of
from api.drawings.calendar import CalendarBar, Span, calendar_bar
from api.drawings.plots import Plot, columns, trend
from api.looks import LATE, look
from api.paging import Page
from api.view import render_outside
from campaigns.errors import NotFound
from campaigns.rules.states import TaskState

router = APIRouter()
TODAY = date(2023, 6, 18)


@dataclass(frozen=True)
class Entry:
    """A sample line of a trail."""

    at: datetime
    what: str
    by: str
    note: str = ""
    tone: str = ""


@router.get("/_parts")
def gallery(request: Request) -> Response:
    """Show the parts; outside the demonstration there is no such page."""
    if not settings_of(request).demo:
        raise NotFound
    return render_outside(
        request,
        "gallery.html",
        today=TODAY,
        late=LATE,
        looks=[look(state) for state in TaskState],
        bar=_calendar(),
        waiting=_waiting(),
        page=Page(number=2, total=41, size=20, address="/_parts"),
        entries=_entries(),
        trend=_trend(),
        columns=_columns(),
    )


def _calendar() -> CalendarBar:
    return calendar_bar(
        [
            Span("动员部署", date(2023, 5, 1), date(2023, 5, 31), False, 4, 4, "按期完成"),
            Span("企业自查自改和部门帮扶", date(2023, 6, 1), date(2023, 7, 31), True, 9, 18, "进行中"),
            Span("部门精准执法", date(2023, 8, 1), date(2023, 11, 30), True, 0, 14, "未开始"),
            Span("总结提高", date(2023, 12, 1), date(2023, 12, 31), True, 0, 4, "未开始"),
        ],
        TODAY,
    )


def _waiting() -> list[tuple[str, str, str, date, TaskState]]:
    return [
        ("鲁西矿业尾矿库", "茌平区", "重大事故隐患排查治理（6月上半月）", date(2023, 6, 15), TaskState.ASSIGNED),
        ("信发铝业尾矿库", "茌平区", "全员安全警示教育", date(2023, 6, 20), TaskState.ACKNOWLEDGED),
        ("信发铝业尾矿库", "茌平区", "判定标准全员培训", date(2023, 7, 31), TaskState.SUBMITTED),
    ]


def _entries() -> list[Entry]:
    return [
        Entry(
            datetime(2023, 6, 16, 1, 4, tzinfo=UTC),
            "退回“演练记录”",
            "区局 王经办",
            "缺少评估报告，请补充后再交。",
            "late",
        ),
        Entry(datetime(2023, 6, 15, 9, 4, tzinfo=UTC), "提交“演练记录”", "鲁西 蒋总监"),
        Entry(datetime(2023, 6, 1, 1, 0, tzinfo=UTC), "签收任务", "鲁西 蒋总监", tone="done"),
    ]


def _trend() -> Plot:
    rows = [
        ("5月", (3, None)),
        ("6月", (8, 6)),
        ("7月", (12, 9)),
        ("8月", (12, 12)),
        ("9月", (None, 12)),
        ("10月", (15, 13)),
    ]
    return trend(rows, ("发现", "整改完成"), unit="个", title="重大隐患累计")


def _columns() -> Plot:
    rows = [("5月", 12), ("6月", 36), ("7月", 29), ("8月", 31)]
    return columns(rows, name="提交", unit="件", title="每月提交")
