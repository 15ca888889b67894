"""The service desk: cases with their handlers, states, notes and ratings."""

from service_desk.cases.operations import CaseOperations
from service_desk.cases.progress import CaseProgress
from service_desk.customers.handlers import ContactHandlers, CustomerHandlers
from service_desk.notes import NoteOperations
from servicekit import PlatformCopy, Service


class ServiceDeskService(
    CaseOperations, CaseProgress, NoteOperations, CustomerHandlers, ContactHandlers, PlatformCopy, Service
):
    """Owns service cases: from intake through work and solution to the customer's rating.

    Operations: service_desk.cases.operations, service_desk.cases.progress, service_desk.notes.
    Publishes: service_desk.events. Listens to customer (names, owners, mergers; contacts), identity (the directory).
    """

    name = "service-desk"
