"""Which rules of a mapping a row meets."""

from collections.abc import Iterator

from opps.integrations.importing.makers import Maker
from opps.integrations.importing.mapping import Rule
from opps.integrations.importing.rows import Row

_REMEMBERED = 10_000


class Matcher:
    """Finds the rules that a row meets: those that let it go on, up to the first that does not.

    What was found is remembered by what rules look at.
    """

    def __init__(self, rules: tuple[Rule, ...], makers: list[Maker]) -> None:
        self._rules = tuple(zip(rules, makers, strict=True))
        self._names = sorted({name for rule in rules for name in rule.match})
        self._there = sorted({name for rule in rules for name in rule.there})
        self._wanted = {
            id(rule): {
                name: [text] if isinstance(text, str) else text for name, text in rule.match.items()
            }
            for rule in rules
        }
        self._found: dict[tuple[str | bool | None, ...], tuple[Maker, ...]] = {}

    def find(self, row: Row) -> tuple[Maker, ...]:
        """Return what makes commands of a row, in the order of the rules."""
        attributes = row.attributes
        looked_at = tuple(
            [
                *[attributes.get(name) for name in self._names],
                *[bool(attributes.get(name)) for name in self._there],
            ]
        )
        try:
            return self._found[looked_at]
        except KeyError:
            found = tuple(self._met(row))
            if len(self._found) < _REMEMBERED:
                self._found[looked_at] = found
            return found

    def _met(self, row: Row) -> Iterator[Maker]:
        goes_on = False
        for rule, maker in self._rules:
            if not self._meets(row, rule) or (goes_on and rule.counted is not None):
                continue
            yield maker
            if not rule.also:
                return
            goes_on = True

    def _meets(self, row: Row, rule: Rule) -> bool:
        attributes = row.attributes
        return all(attributes.get(name) for name in rule.there) and all(
            attributes.get(name) in texts for name, texts in self._wanted[id(rule)].items()
        )
