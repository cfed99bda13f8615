"""What a definition borrows from the shelf: the forms and reports that it names and does not write itself, the duties it takes.

A launch freezes them beside the text, so that editing the library changes no running campaign.
"""

import json
from collections.abc import Mapping

from campaigns.definition.form import Form
from campaigns.definition.model import Definition
from campaigns.definition.ready_duty import ReadyDuty
from campaigns.definition.report_form import ReportForm
from campaigns.definition.shelf import duties, forms, reports
from campaigns.definition.taking import plain


def borrowed(definition: Definition) -> str:
    """Return the shipped forms, reports and duties that a definition uses, as one text; the same for the same library.

    Cells and blanks keep the order in which the paper has them.
    """
    used_forms = {duty.form for duty, _ in definition.duties if duty.form} - set(definition.forms)
    reported = {duty.report for duty, _ in definition.duties if duty.report}
    scored = {item.report for rule in definition.rankings.values() for item in rule.items if item.report}
    used_reports = (reported | scored) - set(definition.reports)
    taken = {duty.taken_from for duty, _ in definition.duties}
    parts = {
        "表单": {name: plain(form) for name, form in sorted(forms().items()) if name in used_forms},
        "报表": {name: plain(report) for name, report in sorted(reports().items()) if name in used_reports},
        "任务": {name: plain(duty) for name, duty in sorted(duties().items()) if name in taken},
    }
    return json.dumps(parts, ensure_ascii=False)


def with_borrowed(definition: Definition, text: str) -> Definition:
    """Return a definition that carries what was frozen beside it, as if it had written those forms and reports itself.

    The reports are headed with its name.
    """
    parts = json.loads(text) if text else {"表单": {}, "报表": {}}
    its_forms = {name: Form.model_validate(form) for name, form in parts["表单"].items()}
    its_reports = {name: ReportForm.model_validate(report) for name, report in parts["报表"].items()}
    every_report = {
        name: report.headed(definition.meta.title) for name, report in (its_reports | definition.reports).items()
    }
    return definition.model_copy(update={"forms": its_forms | definition.forms, "reports": every_report})


def borrowed_duties(text: str) -> Mapping[str, ReadyDuty] | None:
    """Return the duties frozen beside a definition, for reading its text again; None when nothing was frozen."""
    if not text:
        return None
    return {name: ReadyDuty.model_validate(duty) for name, duty in json.loads(text).get("任务", {}).items()}
