"""Every kind of document over a campaign that lived through May, on either engine: figures, sources, no holes."""

from datetime import date

import pytest

from campaigns.actions.hazards.registering import register
from campaigns.actions.hazards.supervision import list_for_supervision
from campaigns.documents.lines import draft
from campaigns.queries.campaign.overview import campaign_head
from campaigns.queries.documents.counted import Asked
from campaigns.queries.documents.on_offer import FACTS, RESTS_ON, facts_for, offers
from campaigns.queries.documents.summing_up import quarter_days
from campaigns.rules.documents import DocumentKind
from campaigns.rules.hazards.finding import Finding
from tests.campaigns import at, launched
from tests.lived import END, Lived
from tests.people import Cast


def test_every_kind_has_a_question_a_text_and_says_what_it_rests_on() -> None:
    assert set(FACTS) == set(RESTS_ON) == set(DocumentKind)


def test_every_document_on_offer_can_be_written_and_every_footnote_has_a_source(either_lived: Lived) -> None:
    told, by = either_lived, either_lived.cast.city_leader
    with told.cast.database.reading() as session:
        head, on_offer = offers(session, campaign_id=told.campaign.id, actor=by, now=END)
        wanted = [(offer.kind, about) for offer in on_offer if not offer.why_not for about, _ in offer.choices]
        for kind, about in wanted:
            facts = facts_for(session, campaign_id=head.id, kind=kind, about=about, actor=by, now=END)
            written = draft(facts)
            text = "".join(block.text for block in written.blocks)
            assert "None" not in text
            referred = [run.note for block in written.blocks for run in block.runs if run.note]
            assert referred == list(range(1, len(written.notes) + 1)), kind
            assert all("2023年5月27日" in note or "SHA-256" in note or "没有" in note for note in written.notes), (
                written
            )
    assert {kind for kind, _ in wanted} >= {
        DocumentKind.LAUNCH_NOTICE,
        DocumentKind.REMINDER,
        DocumentKind.BULLETIN,
        DocumentKind.STAGE_SUMMARY,
        DocumentKind.QUARTERLY,
    }


def test_the_quarterly_names_the_report_its_version_and_its_cut_off(either_lived: Lived) -> None:
    told, by = either_lived, either_lived.cast.city_leader
    with told.cast.database.reading() as session:
        facts = facts_for(
            session, campaign_id=told.campaign.id, kind=DocumentKind.QUARTERLY, about="2023-Q2", actor=by, now=END
        )
    source = facts.sources["report"]
    assert "2023年5月调度表第1版" in source
    assert "数据截止2023年5月25日" in source
    assert facts.grids["report"].rows


def test_the_summary_counts_hazards_and_stages(either_lived: Lived) -> None:
    told, by = either_lived, either_lived.cast.city_leader
    with told.cast.database.reading() as session:
        head = campaign_head(session, campaign_id=told.campaign.id, actor=by)
        facts = FACTS[DocumentKind.SUMMARY](session, Asked(head, "聊城市应急管理局", "", by, END))
    assert facts.values["found"] == 2
    assert facts.values["found_major"] == 1
    assert facts.grids["stages"].rows
    assert "本级最后一期报表" in "".join(block.text for block in draft(facts).blocks)


def test_a_listed_hazard_is_written_about_to_the_bureau_that_answers_for_it(cast: Cast) -> None:
    campaign = launched(cast, by=cast.city_leader)
    with cast.database.transaction() as session:
        hazard = register(
            session,
            enterprise_id=cast.pond.id,
            finding=Finding("坝体裂缝", major=True, criterion="三（一）"),
            found_on=date(2023, 5, 9),
            by=cast.inspector,
            now=at(5, 9),
        )
        number, deadline = "聊应急督〔2023〕3号", date(2023, 6, 9)
        list_for_supervision(
            session, hazard_id=hazard.id, number=number, deadline_on=deadline, by=cast.city_leader, now=at(5, 10)
        )
    kind, about = DocumentKind.SUPERVISION, str(hazard.id)
    with cast.database.reading() as session:
        facts = facts_for(
            session, campaign_id=campaign.id, kind=kind, about=about, actor=cast.city_leader, now=at(5, 20)
        )
    text = "".join(block.text for block in draft(facts).blocks)
    assert f"{cast.bureau.name}：" in text
    assert "挂牌督办（聊应急督〔2023〕3号）" in text
    assert "整改期限为2023年6月9日，还有20天" in text
    assert ("责任人", "尚未填报") in facts.grids["plan"].rows
    assert facts.copies == cast.pond.name


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        ("2023-Q1", date(2023, 1, 1), date(2023, 3, 31)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_a_quarter_has_its_days(quarter: str, first: date, last: date) -> None:
    assert quarter_days(quarter) == (first, last)
