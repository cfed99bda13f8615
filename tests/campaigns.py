"""The campaign that tests launch: the shipped 2023 action, by the county bureau of the cast, on its first day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from campaigns.actions.launch.campaigns import launch
from campaigns.actions.launch.drafts import Draft
from campaigns.clock import instant
from campaigns.rules.permissions import Actor
from campaigns.store.campaign.campaigns import Campaign
from tests.people import Cast

HAZARD = "hazard-2023"
LAUNCHED = datetime(2023, 5, 1, 1, tzinfo=UTC)  # 09:00 in Beijing, on 劳动节
KEY = "launch-hazard-2023"

SMALL = """
语法: rectify/v1
行动: {编号: small, 名称: 小行动, 版本: 1.0.0, 发文单位: 区应急管理局, 起止: 2023年5月1日 至 2023年6月30日}
日历: {遇非工作日: 提前, 办公时间: "08:30-17:30"}
角色:
  县局: {层级: 县, 单位: 应急管理局}
  主要负责人: {层级: 企业, 岗位: [主要负责人]}
对象:
  企业: {行业: 非煤矿山, 名单: 动态}
  初始企业: {行业: 非煤矿山, 名单: 固定}
  满员企业: {继承: 企业, 条件: [单班入井人数 >= 30, 非 有外包队伍]}
阶段:
  - 编号: 自查
    截止: 2023年5月底
    完成条件: 完成率(QY-11) = 100%
    任务:
      - {编号: QY-11, 名称: 报送方案, 对象: 企业, 截止: 阶段末, 审核: 县局, 催办: 企业, 升级: 企业逾期}
      - {编号: QY-12, 名称: 登记底数, 对象: 初始企业, 截止: 阶段末}
  - 编号: 总结
    截止: 2023年6月底
    进入条件: 达成(自查)
    任务:
      - {编号: QY-21, 名称: 撤离演练, 对象: 满员企业, 截止: 阶段末}
      - {编号: JG-21, 名称: 逐家复核, 对象: 县局, 逐个: 企业, 截止: 阶段末}
催办:
  企业: {时点: [到期前5个工作日, 到期前1个工作日, 到期当日, 逾期后每2个工作日], 最多: 5}
升级:
  企业逾期:
    - {逾期: 1个工作日, 动作: 预警, 告知: [主要负责人, 县局], 方式: 自动}
    - {逾期: 3个工作日, 动作: 通报, 承办: 县局, 方式: 拟办}
    - {逾期: 5个工作日, 动作: 挂牌督办, 承办: 县局, 方式: 拟办, 条件: 涉及重大隐患}
"""


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return an instant of 2023 by its Beijing wall time."""
    return instant(date(2023, month, day), datetime.min.time().replace(hour=hour, minute=minute))


def launched(
    cast: Cast,
    *,
    template: str = HAZARD,
    text: str = "",
    key: str = KEY,
    parameters: Mapping[str, str] | None = None,
    by: Actor | None = None,
    now: datetime = LAUNCHED,
) -> Campaign:
    """Launch a shipped template, or a text, in a transaction of its own."""
    draft = Draft(text) if text else Draft.of_template(template, parameters=parameters)
    with cast.database.transaction() as session:
        return launch(session, draft, launch_key=key, by=by or cast.leader, now=now)
