"""What the demonstration's counties type into their tables is what counties could have typed."""

from datetime import date

import pytest

from campaigns.definition.shelf import reports
from campaigns.store.reporting.reports import Report
from flows.demo.tables import a_month

MONTHS = [f"2023-{month:02d}" for month in range(5, 13)]
TYPED = [atom for atom in reports()["调度表"].atoms if atom.source == "填报"]


@pytest.mark.parametrize("county_id", range(1, 9))
def test_a_year_of_tables_counts_no_enterprise_twice_and_no_part_above_its_total(county_id: int) -> None:
    year = [
        Report.model_construct(cutoff_on=date(2023, 5, 25), organisation_id=county_id, period=month, decided_at=None)
        for month in MONTHS
    ]
    for atom in TYPED:
        if atom.unit == "家":
            assert sum(int(a_month(atom, report)) for report in year) == 1, atom.code
        for total in (other for other in TYPED if other.code == atom.total_of):
            assert all(int(a_month(atom, report)) <= int(a_month(total, report)) for report in year), atom.code
    assert {atom.unit for atom in TYPED} >= {"家", "万元"}
