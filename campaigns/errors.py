"""What the domain says when it declines: one sentence for the person, never a stack for him.

Each refusal carries three parts the pages show in this order: what happened, what was kept, what to do next.
`status` is the HTTP status that the web door answers with; the domain itself knows nothing of HTTP.
"""

from collections.abc import Mapping


class Refusal(Exception):
    """A request that the rules decline; nothing was changed."""

    status = 400
    code = "refused"

    def __init__(self, sentence: str, *, kept: str = "", advice: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.kept = kept
        self.advice = advice


class NotFound(Refusal):
    """The thing does not exist, or is not the asker's to see: the answer is the same."""

    status = 404
    code = "not_found"

    def __init__(
        self, sentence: str = "没有找到这个页面或记录。", *, kept: str = "", advice: str = "请从列表重新进入。"
    ) -> None:
        super().__init__(sentence, kept=kept, advice=advice)


class Forbidden(Refusal):
    """The asker may see the thing but not do this with it."""

    status = 403
    code = "forbidden"


class Conflict(Refusal):
    """The row moved on since the asker looked at it, or its state does not allow the step."""

    status = 409
    code = "conflict"


class Invalid(Refusal):
    """Fields that do not pass; `fields` maps a field's name to the sentence beside it."""

    status = 422
    code = "invalid"

    def __init__(
        self, sentence: str, *, fields: Mapping[str, str] | None = None, kept: str = "", advice: str = ""
    ) -> None:
        super().__init__(sentence, kept=kept, advice=advice)
        self.fields = dict(fields or {})
