"""Why a command on a scoring model was refused."""

from dataclasses import dataclass

from opps.domain.errors import Refusal


@dataclass
class UnknownModel(Refusal):
    """There is no scoring model {name}: check the name, or define it first."""

    name: str


@dataclass
class NameTaken(Refusal):
    """{name} is the name of another scoring model: a name is never used again, take a new one."""

    name: str


@dataclass
class MalformedModel(Refusal):
    """The scoring model does not hold together: {problem}. Put it right and define it again."""

    problem: str


@dataclass
class MalformedBacktest(Refusal):
    """The record of a trial does not hold together: {problem}."""

    problem: str


@dataclass
class MayNotDefine(Refusal):
    """A {role} neither defines scoring models nor says how they did: ask a manager."""

    role: str


@dataclass
class MayNotApprove(Refusal):
    """A {role} does not bring a scoring model into force: ask a manager or an administrator."""

    role: str


@dataclass
class NeverBacktested(Refusal):
    """{name} was never tried on later deals: backtest it, or override and say why."""

    name: str


@dataclass
class GateNotPassed(Refusal):
    """{name} did not show on later deals that it is as good as the model in force: {missed}."""

    name: str
    missed: str


@dataclass
class BacktestedAgainstAnother(Refusal):
    """{name} was compared with {against}, and {in_force} is in force: backtest it again."""

    name: str
    against: str
    in_force: str
