"""The database's half of comparing: the key of a text, and what a phone number is found by.

Indexes are made on these functions, so there is no column to fill: what was stored before is found as soon as the
index is there, and what code of the version before writes is found too (docs/decisions/0021).
"""

from alembic import op

revision = "kit_0003"
down_revision = "kit_0002"

IGNORABLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSPACED = r"\u2e80-\u2fff\u3001-\u3130\u3190-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def upgrade() -> None:
    """Create the functions; they call nothing of ours, since a restored dump has no search path for that."""
    op.execute(
        rf"""
        CREATE FUNCTION kehu_key(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10 AS $$
        BEGIN
            IF octet_length(value) = length(value) THEN
                value := lower(value);
                IF value !~ '\s\s|^\s|\s$|[^\S ]' THEN
                    RETURN value;
                END IF;
                RETURN btrim(regexp_replace(value, '\s+', ' ', 'g'));
            END IF;
            IF value IS NOT NFKC NORMALIZED THEN
                value := normalize(value, NFKC);
            END IF;
            value := lower(value);
            IF value ~ '[\s\u2800ßς\u0307{IGNORABLE}]' THEN
                value := translate(regexp_replace(value, '[{IGNORABLE}]+', '', 'g'), 'ς', 'σ');
                value := normalize(replace(replace(value, 'ß', 'ss'), 'i̇', 'i'), NFKC);
                value := btrim(regexp_replace(value, '[\s\u2800]+', ' ', 'g'));
                value := regexp_replace(value, ' (?=[{UNSPACED}])|(?<=[{UNSPACED}]) ', '', 'g');
            END IF;
            RETURN value;
        END $$
        """
    )
    op.execute(
        r"""
        CREATE FUNCTION kehu_phone(typed text, e164 text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10 AS $$
        BEGIN
            IF octet_length(typed) > length(typed) THEN
                typed := normalize(typed, NFKC);
                typed := translate(typed, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789');
            END IF;
            RETURN ' ' || regexp_replace(typed, '[^0-9]+', '', 'g') || COALESCE(' ' || substr(e164, 2), '') || ' ';
        END $$
        """
    )


def downgrade() -> None:
    """Migrations go forward only: what is to be undone is undone by a new one."""
    raise RuntimeError("restore a backup instead")
