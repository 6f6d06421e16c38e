"""Every view of the warehouse, column by column: a promise, also to CSV and Parquet files."""

from opps.projections.accounts import ACCOUNTS
from opps.projections.accounts import TABLE as ACCOUNTS_TABLE
from opps.projections.board import TABLE as BOARD_TABLE
from opps.projections.board_history import BOARD_HISTORY, SHOWN
from opps.projections.board_history_writing import OPEN
from opps.projections.danger_zones import DANGER_ZONES
from opps.projections.danger_zones import ITEMS as ZONES_TABLE
from opps.projections.exceptions import EXCEPTIONS
from opps.projections.exceptions import TABLE as EXCEPTIONS_TABLE
from opps.projections.opinions import OPINIONS
from opps.projections.opinions import TABLE as OPINIONS_TABLE
from opps.projections.score_trend import ITEMS as SCORES_TABLE
from opps.projections.score_trend import SCORE_TREND
from opps.projections.timeline import TABLE as TIMELINE_TABLE
from opps.projections.timeline import TIMELINE
from opps.projections.warehouse import Column, WarehouseView
from opps.projections.warehouse_columns import LEARNED, OPPORTUNITY, POSITION, RECORDED, SCORE
from opps.projections.wrong_beliefs import TABLE as WRONG_TABLE
from opps.projections.wrong_beliefs import WRONG_BELIEFS

_OPPORTUNITY_COLUMNS = (
    OPPORTUNITY,
    Column("account_id", "the account that would buy"),
    Column("title", "what the opportunity is called"),
    Column("status", "OPEN, WON, LOST, NO_DECISION, DISQUALIFIED, MERGED or WITHDRAWN"),
    Column("owner", "the id of the seller who owns it"),
    Column("currency", "ISO 4217 code of the amount"),
    Column("amount", "the expected amount, exact"),
    Column("commit_date", "when the decision is expected"),
    Column("commit_basis", "what that date rests on"),
    Column("pushes", "how often the date was moved to a later one"),
    Column("stage", "the stage of the sales process"),
    Column("stage_default", "the win probability that the stage stands for, an opinion"),
    Column("category", "the forecast category that the seller set"),
    Column("seller_estimate", "the win probability that the seller told, an opinion"),
    Column("customer_kind", "whether the buyer is a new or an existing customer"),
    Column("origin", "where the opportunity came from"),
    Column("opened_at", "when it began"),
    Column("recorded_at", "when opps first recorded it"),
    Column("changed_at", "when the last change was recorded"),
    Column("closed_at", "when it ended"),
    Column("loss_kind", "how it was lost"),
    Column("lost_to", "the id of the alternative that won instead"),
    Column("no_decision", "why the buyer decided nothing"),
    Column("merged_into", "the opportunity that it was merged into"),
    Column("proposal_sent_at", "when the last proposal was sent"),
    Column("buyer_responded_at", "when the buyer last answered"),
    Column("facts", "how many facts were told"),
    Column("contradictions", "how many contradict each other and wait for somebody to decide"),
    Column("open_questions", "how many questions are open"),
    Column("unanswered", "how many questions were asked and not answered yet"),
    *SCORE,
)

ACCOUNT_VIEW = WarehouseView(
    name="accounts",
    meaning="Every buying organisation.",
    projection=ACCOUNTS,
    table=ACCOUNTS_TABLE,
    key=("account_id",),
    columns=(
        Column("account_id", "the account"),
        Column("name", "what it is called"),
        Column("external_id", "its id in the system that it was imported from"),
        POSITION,
        Column("merged_into", "the account that it turned out to be; both keep their rows"),
    ),
)

OPPORTUNITY_VIEW = WarehouseView(
    name="opportunities",
    meaning="Where each opportunity stands now, with its score: a row for each one on the board.",
    projection=BOARD_HISTORY,
    table=SHOWN,
    key=("opportunity_id",),
    columns=(*_OPPORTUNITY_COLUMNS, POSITION),
    where=f"t.recorded_until = {OPEN}",
    opportunities=BOARD_TABLE,
)

HISTORY_VIEW = WarehouseView(
    name="opportunity_history",
    meaning="What the board showed of each opportunity, a row for each change.",
    projection=BOARD_HISTORY,
    table=SHOWN,
    key=("opportunity_id", "recorded_from"),
    columns=(
        *_OPPORTUNITY_COLUMNS,
        Column("recorded_from", "the position of the log from which on the row was shown"),
        Column(
            "recorded_until",
            "the position at which another took its place; none: shown now",
            missing_at=OPEN,
        ),
    ),
    opportunities=BOARD_TABLE,
)

SCORE_VIEW = WarehouseView(
    name="scores",
    meaning="Each movement of a score, with what caused it.",
    projection=SCORE_TREND,
    table=SCORES_TABLE,
    key=("position", "ordinal"),
    columns=(
        Column("score_item_id", "the movement; the same id in GraphQL", of="id"),
        OPPORTUNITY,
        POSITION,
        Column("ordinal", "its place among what the same event moved"),
        Column("event_id", "the event that moved the score"),
        Column("cause", "the tag of that event"),
        Column("kind", "what kind of cause it was"),
        RECORDED,
        Column("told_at", "when it was recorded, in the source system if it comes from one"),
        LEARNED,
        Column("p_before", "the win probability before; none at the opening"),
        *SCORE,
        Column("milli_points_change", "by how much it moved, in whole milli-points"),
        Column("log_odds_happen", "log-odds that the buyer buys at all, in nats"),
        Column("log_odds_win", "log-odds that the buyer then buys from us, in nats"),
    ),
    opportunities=BOARD_TABLE,
)

OPINION_VIEW = WarehouseView(
    name="opinions",
    meaning="What sellers and stages said of the win probability, beside the score.",
    projection=OPINIONS,
    table=OPINIONS_TABLE,
    key=("position",),
    columns=(
        OPPORTUNITY,
        POSITION,
        Column("whose", "SELLER or STAGE"),
        Column("p", "the probability from here on; none: nobody says one any more"),
        Column("told_at", "when it was recorded, in the source system if it comes from one"),
        LEARNED,
    ),
    opportunities=BOARD_TABLE,
)

_LINE = (
    Column("event_id", "the event"),
    OPPORTUNITY,
    Column("account_id", "the account of the opportunity"),
    POSITION,
    RECORDED,
    Column("source_recorded_at", "when the source system recorded it, if it comes from one"),
    LEARNED,
    Column("learned_earliest", "the earliest that it can have been learned"),
    Column("learned_latest", "the latest that it can have been learned"),
    Column("learned_defaulted", "whether nobody told when it was learned"),
    Column("lag_s", "seconds from learning to recording"),
    Column("seller", "the id of who on our side learned or did it"),
    Column("recorder", "the id of who wrote it down for that seller, if somebody else did"),
    Column("via", "which way it came in"),
    Column("told_by", "the id of the person who told it"),
    Column("channel", "how it was told"),
    Column("source", "what kind of source it was"),
    Column("grade", "how far such a source is believed, 0 to 1"),
    Column("objective", "the information objective that it speaks to"),
    Column("kind", "the kind of fact"),
    Column("fact_id", "the fact that it is about"),
    Column("contradicted", "whether something then stood against something else"),
    Column("credence", "how far what then stood is believed, 0 to 1"),
    Column("milli_points", "what it did to the score, in whole milli-points"),
)

EVENT_VIEW = WarehouseView(
    name="events",
    meaning="Every event of every opportunity: what happened when, and who told it.",
    projection=TIMELINE,
    table=TIMELINE_TABLE,
    key=("position",),
    columns=(
        Column("tag", "what happened: docs/events.md lists the tags"),
        *_LINE,
        Column("facet", "the facet that a question or a mark is about"),
        Column("question_id", "the question that it is about"),
        Column("decision", "what was decided"),
        Column("retracted_because", "why a fact was taken back"),
    ),
    opportunities=BOARD_TABLE,
)

FACT_VIEW = WarehouseView(
    name="facts",
    meaning="Every fact as it was learned: about what, when, from whom, and what it replaced.",
    projection=TIMELINE,
    table=TIMELINE_TABLE,
    key=("position",),
    columns=(
        *_LINE,
        Column("key", "what the statement is about: facts with one key compete"),
        Column("replaced", "the facts that it stopped from standing"),
        Column("replaced_because", "why it replaced them"),
    ),
    where="t.tag = 'FactLearned'",
    opportunities=BOARD_TABLE,
)

ZONE_VIEW = WarehouseView(
    name="danger_zones",
    meaning="When which danger zone of an opportunity opened and closed.",
    projection=DANGER_ZONES,
    table=ZONES_TABLE,
    key=("position", "ordinal"),
    columns=(
        Column("danger_zone_item_id", "the opening or closing", of="id"),
        OPPORTUNITY,
        POSITION,
        Column("ordinal", "its place among what the same event changed"),
        Column("zone", "the zone: docs/danger-zones.md lists them"),
        Column("opened", "whether it opened, or else closed"),
        Column("severity", "how grave it is"),
        Column("since", "when it came to be, where facts tell"),
        Column("event_id", "the event that opened or closed it"),
        Column("cause", "the tag of that event"),
        RECORDED,
        Column("happened_at", "when that happened, as far as our side knows"),
        Column("rules", "the rule set in force"),
    ),
    opportunities=BOARD_TABLE,
)

EXCEPTION_VIEW = WarehouseView(
    name="exceptions",
    meaning="Each exception: what deviates, how far somebody has come with it, and its cost.",
    projection=EXCEPTIONS,
    table=EXCEPTIONS_TABLE,
    key=("exception_id",),
    columns=(
        Column("exception_id", "the exception"),
        OPPORTUNITY,
        Column("cause", "what kind of deviation it is"),
        Column("about", "the zone or rule that it is about"),
        Column("status", "how far somebody has come with it"),
        Column("open", "whether it is still open"),
        Column("raised_at", "when it was raised"),
        Column("raised_by", "the id of who raised it"),
        Column("acknowledged_by", "the id of who took it on"),
        Column("hours", "hours spent on it"),
        Column("money", "money spent on it"),
        Column("money_currency", "ISO 4217 code of that money"),
        Column("closed_at", "when it ended"),
        Column("closed_by", "the id of who ended it"),
        Column("again", "the earlier exception that it repeats"),
        POSITION,
    ),
    opportunities=BOARD_TABLE,
)

WRONG_BELIEF_VIEW = WarehouseView(
    name="wrong_beliefs",
    meaning="Where a belief was found wrong, and where such a finding was undone.",
    projection=WRONG_BELIEFS,
    table=WRONG_TABLE,
    key=("position", "fact_id"),
    columns=(
        OPPORTUNITY,
        POSITION,
        Column("fact_id", "the fact that was believed"),
        Column("undoes", "the position of the finding that no longer holds; none: a finding"),
        Column("how", "how it was found wrong"),
        Column("reason", "why a fact was taken back"),
        Column("by", "the fact that took its place"),
        Column("event_id", "the event that found it"),
        Column("found_at", "when it was found"),
        RECORDED,
        LEARNED,
        Column("held_s", "seconds for which it was believed"),
        Column("told_by", "the id of the person who had told it"),
        Column("seller", "the id of who on our side had learned it"),
        Column("channel", "how it had been told"),
        Column("kind", "the kind of fact"),
        Column("objective", "the information objective that it spoke to"),
    ),
    opportunities=BOARD_TABLE,
)

VIEWS = (
    ACCOUNT_VIEW,
    OPPORTUNITY_VIEW,
    HISTORY_VIEW,
    SCORE_VIEW,
    OPINION_VIEW,
    EVENT_VIEW,
    FACT_VIEW,
    ZONE_VIEW,
    EXCEPTION_VIEW,
    WRONG_BELIEF_VIEW,
)
