"""The service desk: cases with their handlers, states, notes and ratings."""

from collections.abc import Mapping
from typing import ClassVar

from service_desk.cases.operations import CaseOperations
from service_desk.cases.progress import CaseProgress
from service_desk.customers.handlers import ContactHandlers, CustomerHandlers
from service_desk.notes import NoteOperations
from servicekit import KEEP, SEE, Deed, Deeds, PlatformCopy, Service


class ServiceDeskService(
    CaseOperations, CaseProgress, NoteOperations, CustomerHandlers, ContactHandlers, PlatformCopy, Service
):
    """Owns service cases: from intake through work and solution to the customer's rating.

    Operations: service_desk.cases.operations, service_desk.cases.progress, service_desk.notes.
    Publishes: service_desk.events. Listens to customer (names, owners, mergers; contacts), identity (the directory).
    """

    name = "service-desk"
    permits: ClassVar[Mapping[str, Deeds]] = {
        "case": Deeds(("服务工单", "Cases"), read=SEE, write=KEEP, close=Deed(("关闭", "Close"))),
    }
