"""Two campaigns that ask the same enterprise for the same record: the 2023 action and a campaign of the city beside it."""

from campaigns.rules.permissions import Actor
from campaigns.store.campaign.campaigns import Campaign
from tests.campaigns import launched
from tests.people import Cast

BESIDE = """
语法: rectify/v1
行动: {编号: beside, 名称: 集中排查整治, 版本: 1.0.0, 发文单位: 市应急管理局, 起止: 2023年5月1日 至 2023年6月30日}
日历: {遇非工作日: 提前, 办公时间: "08:30-17:30"}
角色:
  县局: {层级: 县, 单位: 应急管理局}
  市局: {层级: 市, 单位: 应急管理局}
  主要负责人: {层级: 企业, 岗位: [主要负责人]}
对象:
  企业: {行业: 非煤矿山, 名单: 动态}
阶段:
  - 编号: 排查
    截止: 2023年6月底
    任务:
      - {编号: QY-01, 名称: 企业自查, 对象: 企业, 频次: 每月1次, 截止: 期末,
         表单: 隐患排查记录, 佐证: [现场照片, 主要负责人签字], 审核: 县局}
      - {编号: QY-02, 名称: 警示教育, 对象: 企业, 频次: 每月1次, 截止: 期末,
         表单: 教育培训记录, 佐证: [签到表, 现场照片, 主要负责人签字], 审核: 县局}
      - {编号: QY-03, 名称: 制定实施方案, 对象: 企业, 截止: 阶段末}
"""


def beside(cast: Cast, *, by: Actor | None = None, key: str = "launch-beside", text: str = BESIDE) -> Campaign:
    """Launch the other campaign."""
    return launched(cast, text=text, key=key, by=by or cast.city_leader)
