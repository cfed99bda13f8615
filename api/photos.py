"""Photos that come with a form about a hazard: checked and written before the transaction, named inside it."""

from dataclasses import dataclass

from sqlmodel import Session

from api.deps import Effect, base_of, settings_of
from api.form_blanks import read
from campaigns.actions.form_keys import is_answered
from campaigns.actions.work.files import attach_to_hazard, checked, laid_down
from campaigns.errors import Invalid
from campaigns.rules.files.uploads import Upload
from campaigns.store.files import file_store

UNCHANGED = "没有改动任何内容。"


@dataclass(frozen=True, slots=True)
class Photos:
    """The photos of a form, checked and written before the step's transaction: decoding and flushing take their time."""

    effect: Effect
    label: str
    uploads: tuple[Upload, ...]
    wrong: Invalid | None
    blank: str

    @classmethod
    def of(cls, effect: Effect, label: str, blank: str = "photos") -> "Photos":
        """Check what was sent in a blank; what is wrong is said when the step wants to keep it."""
        sent = [read(upload) for upload in effect.files(blank)]
        if not sent or _is_done(effect):
            return cls(effect, label, (), None, blank)
        store = file_store(settings_of(effect.request))
        try:
            sound = checked(sent, label=blank, picture=True)
            return cls(effect, label, tuple(laid_down(sound, store=store)), None, blank)
        except Invalid as invalid:
            wrong = Invalid(invalid.sentence, fields=invalid.fields, kept=UNCHANGED)
            return cls(effect, label, (), wrong, blank)

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
            raise Invalid(invalid.sentence, fields={self.blank: sentence}, kept=UNCHANGED) from None


def _is_done(effect: Effect) -> bool:
    """Whether the form has had its effect already: a second click brings no photos."""
    with base_of(effect.request).reading() as session:
        return is_answered(session, key=effect.text("form_key"), person_id=effect.actor.person_id)
