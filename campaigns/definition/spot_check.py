"""抽查: from when on a record is worth a second look. Every number is an example; a bureau sets its own."""

from campaigns.definition.written import Written, key


class SpotCheckRules(Written):
    """抽查: the thresholds of the flags (疑点) on the list of proposed spot checks. The defaults are examples (示例)."""

    nil_periods: int = key("连续零报告", "连续几期零报告才提示（示例：3）", 3, ge=2, le=24)
    nil_others: int = key("同类至少", "同类企业至少几家才比较（示例：5）", 5, ge=2, le=1000)
    nil_share: int = key("同类查出", "同类中百分之几报过情况才提示（示例：50）", 50, ge=1, le=100)
    closure_minutes: int = key("几分钟销号", "登记到销号不超过几分钟（示例：10）", 10, ge=1, le=1440)
    closures: int = key("几项销号", "一个月有几项才提示（示例：2）", 2, ge=1, le=100)
    photo_bits: int = key("照片差别", "照片指纹64位里最多差几位（示例：3）", 3, ge=0, le=3)
    same_minute: int = key("同一时刻", "连续几期在同一时刻提交才提示（示例：5）", 5, ge=3, le=24)
    burst: int = key("连续提交", "一个账号接连提交几张才提示（示例：8）", 8, ge=3, le=100)
    burst_seconds: int = key("间隔秒数", "相邻两张最多隔几秒（示例：3）", 3, ge=1, le=60)
