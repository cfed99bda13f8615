"""What a definition borrows from the shelf: the shipped forms and reports that it names and does not write itself.

A launch freezes them beside the text, so that editing the library changes no running campaign.
"""

import json
from typing import Any

from campaigns.definition.form import Form
from campaigns.definition.model import Definition
from campaigns.definition.report_form import ReportForm
from campaigns.definition.shelf import forms, reports
from campaigns.definition.versions import as_written
from campaigns.definition.written import Written


def borrowed(definition: Definition) -> str:
    """Return the shipped forms and reports that a definition uses, as one text; the same for the same library."""
    used_forms = {duty.form for duty, _ in definition.duties if duty.form} - set(definition.forms)
    reported = {duty.report for duty, _ in definition.duties if duty.report}
    scored = {item.report for rule in definition.rankings.values() for item in rule.items if item.report}
    used_reports = (reported | scored) - set(definition.reports)
    parts = {
        "表单": {name: _plain(form) for name, form in sorted(forms().items()) if name in used_forms},
        "报表": {name: _plain(report) for name, report in sorted(reports().items()) if name in used_reports},
    }
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)


def with_borrowed(definition: Definition, text: str) -> Definition:
    """Return a definition that carries what was frozen beside it, as if it had written those forms and reports itself."""
    if not text:
        return definition
    parts = json.loads(text)
    its_forms = {name: Form.model_validate(form) for name, form in parts["表单"].items()}
    its_reports = {name: ReportForm.model_validate(report) for name, report in parts["报表"].items()}
    return definition.model_copy(
        update={"forms": its_forms | definition.forms, "reports": its_reports | definition.reports}
    )


def _plain(part: Written) -> Any:
    return as_written(part.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True))
