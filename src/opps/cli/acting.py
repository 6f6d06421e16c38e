"""What many commands share: the installation, opened, and who acts."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

import typer

from opps.cli.output import Cannot

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.application.privacy import PrivacyExecuted
    from opps.domain.privacy.commands import AnyPrivacyCommand

As = Annotated[
    UUID | None,
    typer.Option("--as", help="The person who decides; whoever runs this, if absent."),
]


@contextmanager
def opened() -> "Iterator[Opps]":
    """Yield the installation; what its rules refuse is told in their words."""
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.domain.errors import Refusal

    try:
        with Opps(existing()) as opps:
            yield opps
    except Refusal as reason:
        raise Cannot(str(reason)) from None


def carry_out(
    opps: "Opps", tenant: UUID, command: "AnyPrivacyCommand", acting: UUID | None
) -> "PrivacyExecuted":
    """Carry out a command on personal data, for whoever decides, and return what it did."""
    from opps.application import Request, operator

    actor = operator(on_behalf_of=acting)
    request = Request(tenant=tenant, actor=actor, command_id=uuid4())
    return asyncio.run(opps.application.privacy(command, request))
