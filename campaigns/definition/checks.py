"""Sense, after form: names that must exist, phrases that must read, dates that must be possible and lie in order.

Each check is one small generator of `Problem`s; `CHECKS` runs them all. Placeholders are filled with the parameters' defaults
first, so that “每月{{ 报送日 }}日” is checked as what it will be.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from campaigns.definition import check_dates, check_duties, check_parts, parameters
from campaigns.definition.conditions import CELL_FUNCTION, MOMENT_FUNCTIONS, TASK_FUNCTIONS
from campaigns.definition.expressions import Call, leaves
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import Definition
from campaigns.definition.phrases import GRAMMARS
from campaigns.definition.tree import Path
from campaigns.definition.walk import Text, texts
from campaigns.definition.wording import PhraseError, listed, meant
from campaigns.definition.written import Phrase, Refers

__all__ = ["cautions", "form_problems", "problems"]


