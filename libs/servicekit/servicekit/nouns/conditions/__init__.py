"""Conditions: which records are meant, as data (docs/decisions/0041).

    {"all": [{"field": "status", "operator": "in", "value": ["draft", "signed"]},
             {"not": {"field": "owner_id", "operator": "in", "value": ["me", "my_department_and_below"]}},
             {"any": [{"field": "amount", "operator": "gte", "value": "10000.00"},
                      {"field": "ends_on", "operator": "within_next", "value": 30}]}]}

``terms`` say what may be asked of a field, ``grammar`` reads a tree into what it means, ``nouns.listing`` makes SQL of
that and ``matching`` looks at one record. What is not known to hold does not, and so its opposite does.
"""
