"""The draft of a proposal as a page: it speaks to the customer, each line with its sources."""

from collections.abc import Iterator

from opps.domain.briefs.page import Page, Point, Section, section
from opps.domain.briefs.statements import Proposal, ProposalLine, ProposalSource
from opps.domain.provenance import SourceKind
from opps.domain.telling.forms import plain

_NOT_YET = "Nothing that is known well enough to say."
_NOBODY = {
    SourceKind.BUYER_IN_WRITING: "written by you",
    SourceKind.BUYER_SAID: "said by you",
    SourceKind.INSIDE_PERSON: "said by somebody of yours",
}


def proposal_page(of: Proposal) -> Page:
    """Return a proposal as a page; what was left out is not on it, nor how much that is."""
    return Page(
        of.title,
        "Draft: every line says where it comes from, and which fact it is.",
        (
            _section("Why you would change something", of.issues),
            _section("What better looks like, in your numbers", of.impacts),
            _section("What you need, and how we meet it", of.needs),
            _section("How you will choose", of.criteria),
            _section("Your way to a decision", of.steps),
        ),
    )


def _section(heading: str, statements: tuple[ProposalLine, ...]) -> Section:
    return section(heading, map(_point, statements), _NOT_YET)


def _point(of: ProposalLine) -> Point:
    return Point(of.text, tuple(_below(of)))


def _below(of: ProposalLine) -> Iterator[str]:
    yield from map(_source, of.sources)
    for detail in of.details:
        yield detail.text
        yield from map(_source, detail.sources)


def _source(of: ProposalSource) -> str:
    """Return who said it and when; an evaluator whose title is not known well is nobody named."""
    if of.title is not None:
        written = of.source_kind is SourceKind.BUYER_IN_WRITING
        who = f"{'written' if written else 'said'} by the {of.title}"
    elif of.told_by is not None:
        who = _NOBODY[SourceKind.INSIDE_PERSON]
    else:
        who = _NOBODY.get(of.source_kind, plain(of.source_kind))
    return f"{who}, {of.learned_when} (fact {of.fact_id})"
