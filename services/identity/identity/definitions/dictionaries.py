"""What can be asked about dictionaries and their terms."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.definitions.model import Dictionary, ShownTerm
from identity.definitions.queries import WRITE, all_of, found, last_position, tell, to_change
from identity.definitions.schemas import (
    DictionariesSchema,
    DictionaryDetailsSchema,
    DictionaryOutlineSchema,
    DictionarySchema,
    TermDetailsSchema,
    TermSchema,
    TermsQuerySchema,
    TermsSchema,
    UseTermsSchema,
)
from servicekit import Caller, operation
from servicekit.base.texts import name_key
from servicekit.nouns.terms import names_of

CHANGE_ERRORS = ("stale-version",)


class DictionaryOperations:
    """Dictionaries, which everybody reads and few keep."""

    @operation("GET /v1/dictionaries", returns=DictionariesSchema)
    def list_dictionaries(self, session: Session, caller: Caller) -> dict[str, Any]:
        """List the dictionaries, without their terms (ID-43)."""
        return all_of(session, Dictionary)

    @operation("GET /v1/dictionaries/{key}", returns=DictionarySchema)
    def get_dictionary(self, session: Session, caller: Caller, key: str) -> Dictionary:
        """Return a dictionary with all its terms, in their order (ID-43, CU-64)."""
        return found(session, Dictionary, key)

    @operation(
        "POST /v1/dictionaries",
        permission=WRITE,
        accepts=DictionaryOutlineSchema,
        returns=DictionarySchema,
        creates=True,
        errors=("definition-key-taken",),
    )
    def create_dictionary(self, session: Session, caller: Caller, data: dict[str, Any]) -> Dictionary:
        """Make a dictionary, which has no terms yet (ID-43)."""
        key = data.pop("key")
        dictionary = Dictionary(key=key, position=last_position(session, Dictionary) + 1)
        dictionary.body = {**data, "terms": []}
        session.add(dictionary)
        tell(session, dictionary)
        return dictionary

    @operation(
        "PATCH /v1/dictionaries/{key}",
        permission=WRITE,
        accepts=DictionaryDetailsSchema,
        returns=DictionarySchema,
        errors=CHANGE_ERRORS,
    )
    def update_dictionary(
        self, session: Session, caller: Caller, key: str, data: dict[str, Any]
    ) -> Dictionary:
        """Rename a dictionary, or say whether other texts are taken besides its terms (ID-43)."""
        dictionary = to_change(session, Dictionary, key)
        if "open" in data:
            dictionary.say_open(data.pop("open"))
        dictionary.change(**data)
        tell(session, dictionary)
        return dictionary

    @operation("GET /v1/dictionaries/{key}/terms", query=TermsQuerySchema, returns=TermsSchema)
    def list_terms(self, session: Session, caller: Caller, key: str, query: dict[str, Any]) -> dict[str, Any]:
        """List the terms of a dictionary by a part of the name, and by whether they are in use (CU-64)."""
        part, active = name_key(query.get("name", "")), query.get("active")
        terms = [
            term
            for term in found(session, Dictionary, key).terms
            if any(part in name for name in names_of(term))
            and (active is None or term["active"] == (active == "true"))
        ]
        return {"items": terms, "next": None}

    @operation(
        "POST /v1/dictionaries/{key}/terms",
        permission=WRITE,
        accepts=TermSchema,
        returns=TermSchema,
        creates=True,
        errors=("term-taken", "dictionary-full", *CHANGE_ERRORS),
    )
    def create_term(self, session: Session, caller: Caller, key: str, data: dict[str, Any]) -> ShownTerm:
        """Add a term, by itself at the end; without a code it has its English name for one (CU-64).

        The first one that somebody adds closes a dictionary of a new house: until then it takes any text.
        """
        dictionary = to_change(session, Dictionary, key)
        term_id = dictionary.add(**data)
        tell(session, dictionary)
        return dictionary.term(term_id)

    @operation("GET /v1/dictionaries/{key}/terms/{term_id}", returns=TermSchema)
    def get_term(self, session: Session, caller: Caller, key: str, term_id: UUID) -> ShownTerm:
        """Return one term (CU-64)."""
        return found(session, Dictionary, key).term(term_id)

    @operation(
        "PATCH /v1/dictionaries/{key}/terms/{term_id}",
        permission=WRITE,
        accepts=TermDetailsSchema,
        returns=TermSchema,
        errors=("term-not-found", "term-taken", *CHANGE_ERRORS),
    )
    def update_term(
        self, session: Session, caller: Caller, key: str, term_id: UUID, data: dict[str, Any]
    ) -> ShownTerm:
        """Rename a term, move it to a position, take it out of use or back (CU-64)."""
        dictionary = to_change(session, Dictionary, key)
        dictionary.revise(term_id, **data)
        tell(session, dictionary)
        return dictionary.term(term_id)

    @operation(
        "POST /v1/dictionaries/{key}/terms/use",
        permission=WRITE,
        accepts=UseTermsSchema,
        returns=DictionarySchema,
        errors=("term-not-found", *CHANGE_ERRORS),
    )
    def use_terms(self, session: Session, caller: Caller, key: str, data: dict[str, Any]) -> Dictionary:
        """Take many terms out of use at once, or back: none is ever deleted (CU-64)."""
        dictionary = to_change(session, Dictionary, key)
        dictionary.use(data["term_ids"], active=data["active"])
        tell(session, dictionary)
        return dictionary
