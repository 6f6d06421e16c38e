"""Who told us, over which channel, and what can be shown for it, in a few words."""

from opps.domain.provenance import Channel, Evidence, Provenance, SourceKind
from opps.domain.telling.names import Names

_SAID_WITH = {
    Channel.MEETING: "meeting with",
    Channel.CALL: "call with",
    Channel.CHAT: "chat with",
    Channel.EMAIL: "email from",
    Channel.DOCUMENT: "document from",
    Channel.OBSERVED: "seen of",
    Channel.INFERENCE: "inferred from",
    Channel.IMPORT: "imported from",
}
_ALONE = {
    Channel.MEETING: "meeting",
    Channel.CALL: "call",
    Channel.CHAT: "chat",
    Channel.EMAIL: "email",
    Channel.DOCUMENT: "document",
    Channel.OBSERVED: "our observation",
    Channel.INFERENCE: "our inference",
    Channel.IMPORT: "imported",
}
_NOBODY_NAMED = {
    SourceKind.BUYER_IN_WRITING: "the buyer",
    SourceKind.BUYER_SAID: "the buyer",
    SourceKind.INSIDE_PERSON: "somebody inside",
    SourceKind.THIRD_PARTY: "a third party",
}


def told(provenance: Provenance, names: Names) -> str:
    """Return where a fact comes from, such as: call with the CFO (quote)."""
    who = (
        _NOBODY_NAMED.get(provenance.source)
        if provenance.told_by is None
        else names.evaluator(provenance.told_by)
    )
    channel = provenance.channel
    words = _ALONE[channel] if who is None else f"{_SAID_WITH[channel]} {who}"
    if provenance.source is SourceKind.AI_EXTRACTION:
        words = f"{words}, extracted and confirmed by nobody"
    return words + _shown(provenance.evidence)


def _shown(evidence: Evidence | None) -> str:
    if evidence is None:
        return ""
    kinds = [name for name in ("quote", "link", "document") if getattr(evidence, name) is not None]
    return f" ({', '.join(kinds)})" if kinds else ""
