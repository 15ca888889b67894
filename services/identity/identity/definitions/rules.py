"""What can be asked about numbering rules and parameters."""

from typing import Any

from sqlalchemy.orm import Session

from identity.definitions.model import NumberingRule, ParameterSetting
from identity.definitions.queries import READ, WRITE, all_of, found, tell, to_change
from identity.definitions.rule_schemas import (
    CompanySchema,
    NumberingRuleSchema,
    NumberingRulesSchema,
    ParameterSchema,
    ParametersSchema,
)
from servicekit import Caller, Parameter, operation
from servicekit.nouns.access import held_scope

COMPANY = {"name_zh": Parameter("company.name_zh", ""), "name_en": Parameter("company.name_en", "")}


class RuleOperations:
    """How records are numbered, and what else is set for the whole house."""

    @operation("GET /v1/numbering-rules", permission=READ, returns=NumberingRulesSchema)
    def list_numbering_rules(self, session: Session, caller: Caller) -> dict[str, Any]:
        """List how the records of each noun are numbered (GW-57)."""
        return all_of(session, NumberingRule)

    @operation("GET /v1/numbering-rules/{series}", permission=READ, returns=NumberingRuleSchema)
    def get_numbering_rule(self, session: Session, caller: Caller, series: str) -> NumberingRule:
        """Return how the records of a noun are numbered, with an example (GW-57)."""
        return found(session, NumberingRule, series)

    @operation(
        "PATCH /v1/numbering-rules/{series}",
        permission=WRITE,
        accepts=NumberingRuleSchema,
        returns=NumberingRuleSchema,
        errors=("stale-version",),
    )
    def update_numbering_rule(
        self, session: Session, caller: Caller, series: str, data: dict[str, Any]
    ) -> NumberingRule:
        """Let the next record have a number that looks otherwise (GW-57); those that were given stay."""
        held_scope(caller, READ)  # The answer shows it.
        rule = to_change(session, NumberingRule, series)
        rule.revise(data.get("pattern", rule.pattern), data.get("counts", rule.counts))
        tell(session, rule)
        return rule

    @operation("GET /v1/parameters", permission=READ, returns=ParametersSchema)
    def list_parameters(self, session: Session, caller: Caller) -> dict[str, Any]:
        """List the parameters, with what each does (ID-42)."""
        return all_of(session, ParameterSetting)

    @operation("GET /v1/parameters/{parameter}", permission=READ, returns=ParameterSchema)
    def get_parameter(self, session: Session, caller: Caller, parameter: str) -> ParameterSetting:
        """Return a parameter (ID-42)."""
        return found(session, ParameterSetting, parameter)

    @operation(
        "PATCH /v1/parameters/{parameter}",
        permission=WRITE,
        accepts=ParameterSchema,
        returns=ParameterSchema,
        errors=("stale-version",),
    )
    def update_parameter(
        self, session: Session, caller: Caller, parameter: str, data: dict[str, Any]
    ) -> ParameterSetting:
        """Set a parameter; it holds everywhere within a second (ID-42)."""
        held_scope(caller, READ)
        setting = to_change(session, ParameterSetting, parameter)
        if "value" in data:
            setting.set(data["value"])
        tell(session, setting)
        return setting

    @operation("GET /v1/company", returns=CompanySchema)
    def get_company(self, session: Session, caller: Caller) -> dict[str, str]:
        """Return what the house is called (ID-42)."""
        return {name: parameter.of(session) for name, parameter in COMPANY.items()}
