"""Photos that come with a form about a hazard: checked before the transaction, kept inside it."""

from dataclasses import dataclass

from sqlmodel import Session

from api.deps import Effect, settings_of
from api.form_blanks import read
from campaigns.actions.work.files import attach_to_hazard, checked
from campaigns.errors import Invalid
from campaigns.rules.uploads import Upload
from campaigns.store.files import file_store

UNCHANGED = "没有改动任何内容。"


@dataclass(frozen=True, slots=True)
class Photos:
    """The photos of a form, checked before the step's transaction because decoding takes its time."""

    effect: Effect
    label: str
    uploads: tuple[Upload, ...]
    wrong: Invalid | None

    @classmethod
    def of(cls, effect: Effect, label: str) -> "Photos":
        """Check what was sent; what is wrong is said when the step wants to keep it."""
        sent = [read(upload) for upload in effect.files("photos")]
        try:
            return cls(effect, label, tuple(checked(sent, label="photos", picture=True)), None)
        except Invalid as invalid:
            return cls(effect, label, (), Invalid(invalid.sentence, fields=invalid.fields, kept=UNCHANGED))

    def keep(self, session: Session, hazard_id: int) -> None:
        """Attach them to a hazard; raises Invalid beside the photos."""
        if self.wrong is not None:
            raise self.wrong
        if not self.uploads:
            return
        store, by, now = file_store(settings_of(self.effect.request)), self.effect.actor, self.effect.now
        try:
            attach_to_hazard(
                session, hazard_id=hazard_id, label=self.label, uploads=self.uploads, store=store, by=by, now=now
            )
        except Invalid as invalid:
            sentence = next(iter(invalid.fields.values()))
            raise Invalid(invalid.sentence, fields={"photos": sentence}, kept=UNCHANGED) from None
