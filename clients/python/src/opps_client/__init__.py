"""A typed client of opps: each of its shared operations is a method, each answer has its types."""

from .clients import AsyncClient, Client
from .errors import Failed, Fault
from .generated import enums, inputs
from .operation import Operation

__all__ = ["AsyncClient", "Client", "Failed", "Fault", "Operation", "enums", "inputs"]
