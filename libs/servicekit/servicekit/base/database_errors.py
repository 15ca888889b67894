"""What an error of the database means: to whoever asked, and whether it is worth another try."""

import re

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from servicekit.base.errors import Conflict, Fault, Invalid, OperationError, Unavailable


def _sqlstate(error: BaseException) -> str:
    return getattr(getattr(error, "orig", None), "pgcode", None) or ""


def is_worth_another_try(error: Exception) -> bool:
    if isinstance(error, StaleDataError):
        return True
    # Serialization failure and deadlock: the other transaction has ended by the time we look again.
    return _sqlstate(error) in {"40001", "40P01"} or _is_number_taken(error)


def _is_number_taken(error: Exception) -> bool:
    """Tell whether the number that a record was given is another's, by a rule of before: the next one may be free."""
    told = getattr(getattr(error, "orig", None), "diag", None)
    return bool(re.fullmatch(r"uq_\w+_number", getattr(told, "constraint_name", None) or ""))


def as_operation_error(error: Exception) -> Exception:
    """Say what a database error means to the caller; an error nobody can explain is returned as it is.

    A violated unique constraint ``uq_account_username`` becomes the code ``account-username-taken`` about the field
    ``username``.
    """
    if isinstance(error, OperationError):
        return error
    if isinstance(error, StaleDataError):
        return Conflict("stale-version", "Somebody else changed the record at the same time.")
    state = _sqlstate(error)
    told = getattr(getattr(error, "orig", None), "diag", None)
    constraint = getattr(told, "constraint_name", None) or ""
    if state == "23505":
        name = re.sub(r"^(uq|pk|ix)_", "", constraint).replace("_", "-")
        message = "There is already a record with this value."
        kind, _, field = constraint.partition(f"_{getattr(told, 'table_name', None)}_")
        about = [{"field": field, "message": message}] if kind == "uq" and field else []
        return Conflict(f"{name}-taken", message, about)
    if state == "23503":
        return Invalid("unknown-reference", "The request refers to a record that does not exist.")
    if state == "23502":
        return Invalid.field(getattr(told, "column_name", None) or "", Fault("null", "Must not be null."))
    if state == "23514":
        return Invalid("values-do-not-fit", f"The values do not fit together: {constraint}.")
    if state.startswith(
        "22"
    ):  # Data exceptions, all of them: numbers, times, offsets and texts that cannot be.
        return Invalid("out-of-range", "A value is outside of what can be stored.")
    if state in {"55P03", "57014"}:
        return Unavailable("busy", "Another change to the same record takes too long.")
    if isinstance(error, (OperationalError, InterfaceError, PoolTimeout)):
        return Unavailable("database-unavailable", "The database cannot be reached.")
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return Unavailable("database-unavailable", "The connection to the database was lost.")
    return error
