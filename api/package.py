"""What goes into a campaign's 考核材料包: its tables, the reports that were signed, and the documents that were drafted."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from campaigns.date_words import day_words
from campaigns.documents.package import Member, safe, table
from campaigns.documents.progress_table import workbook
from campaigns.queries.documents.drafted import drafted
from campaigns.queries.documents.packaged import SignedReport, signed_reports
from campaigns.queries.listings.listing import Reading, every_row
from campaigns.queries.listings.progress_rows import HEADINGS, progress_rows
from campaigns.queries.listings.ranking_rows import (
    ranking_headings,
    ranking_rows,
    timeliness_headings,
    timeliness_rows,
)
from campaigns.queries.listings.tables import LISTINGS, TRAIL
from campaigns.queries.rankings.listed import rankings_of
from campaigns.queries.rankings.table import ranking_table
from campaigns.queries.reporting.sheet import report_sheet
from campaigns.queries.reporting.timeliness import Asked, Split
from campaigns.rules.permissions import Actor, Permission, may_somewhere
from campaigns.store.files import FileStore

MOST_DRAFTS = 2_000


def members(session: Session, *, campaign_id: int, actor: Actor, now: datetime, store: FileStore) -> Iterator[Member]:
    """Yield the files of a package one after the other; each is read when its turn comes."""
    reading = Reading(actor, now, campaign_id)
    trail = (TRAIL,) if may_somewhere(actor, Permission.READ_TRAIL) else ()
    for listing in (*LISTINGS.values(), *trail):
        rows = (row.values() for row in every_row(session, listing, reading))
        yield table(f"台账/{listing.title}", listing.title, listing.headings, rows)
    regions = progress_rows(session, campaign_id=campaign_id, actor=actor, now=now)
    yield table("台账/各地进度", "各地进度", HEADINGS, regions)
    punctual = timeliness_rows(session, Asked(campaign_id, "", actor, now), Split.REGION)
    yield table("台账/报送及时性", "报送及时性，按地区", timeliness_headings(Split.REGION), punctual)
    yield from _rankings(session, campaign_id, actor)
    for report in signed_reports(session, campaign_id=campaign_id, actor=actor):
        yield _report(session, report, actor)
    for document in drafted(session, campaign_id=campaign_id, actor=actor, limit=MOST_DRAFTS):
        name = f"文书/{document.kind.label}/{safe(document.title)}（拟稿）.docx"
        yield Member(name, f"{document.kind.label}，{document.by}拟稿", _stored(store, document.storage_id))


def _rankings(session: Session, campaign_id: int, actor: Actor) -> Iterator[Member]:
    """What was published, as the reader may see it; a draft is nobody's evidence."""
    for listed in rankings_of(session, campaign_id=campaign_id, actor=actor):
        if listed.published_at is None:
            continue
        ranking = ranking_table(session, ranking_id=listed.id, actor=actor)
        name = f"{safe(ranking.rule.title)}截至{day_words(ranking.until_on)}第{ranking.version}版"
        what = f"{ranking.rule.title}，{ranking.formula}，发布校验值{ranking.sha256}"
        yield table(f"排名/{name}", what, ranking_headings(ranking), ranking_rows(ranking))


def _report(session: Session, report: SignedReport, actor: Actor) -> Member:
    sheet = report_sheet(session, report_id=report.id, actor=actor)
    which = f"{report.period}{report.form}第{report.version}版"
    return Member(
        f"报表/{safe(report.organisation)}/{safe(which)}.xlsx",
        f"{report.organisation}{which}，签发校验值{report.sha256}",
        (workbook(sheet.form, sheet.figures, as_of=sheet.as_of, words=sheet.words),),
        len(sheet.form.atoms),
    )


def _stored(store: FileStore, storage_id: str) -> Iterator[bytes]:
    yield store.read(storage_id)
