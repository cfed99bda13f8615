"""What a key that reads without signing in is for."""

from campaigns.rules.states import Stated


class KeyKind(Stated):
    """A calendar program keeps its key in the address; a program sends it in a header."""

    CALENDAR = "calendar", "日历订阅地址"
    PROGRAM = "program", "接口令牌"
