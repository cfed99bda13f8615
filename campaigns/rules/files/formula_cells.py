"""A cell with a formula that has no usable result: the sheet reader gives it as “=…”, and every import says so at the cell."""

NO_RESULT = "这一格是公式，表里没有存下它的结果。"
PASTE_VALUES = "请复制这一列，用“选择性粘贴”里的“数值”贴回原处，保存后再上传。"


def is_formula(text: str) -> bool:
    """Whether a cell's text is a formula instead of what it came to."""
    return text.startswith("=")
