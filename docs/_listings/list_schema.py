"""List what a database has: "python list_schema.py [suffix]"."""

import sys

from sqlalchemy import create_engine
from sqlalchemy.engine.url import make_url

from my_app.settings import DATABASE_URL

QUERY = """
    WITH ours AS (
        SELECT pg_class.oid, nspname || '.' || relname AS name, relkind
        FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname NOT IN ('pg_catalog', 'information_schema')
        AND relkind IN ('r', 'p', 'v', 'm', 'S')
        AND relname <> 'alembic_version'
    )
    SELECT concat('column ', name, '.', attname, ' ',
        format_type(atttypid, atttypmod),
        CASE WHEN attnotnull THEN ' not null' END,
        ' default ' || pg_get_expr(adbin, adrelid))
    FROM ours JOIN pg_attribute ON attrelid = ours.oid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT pg_get_indexdef(indexrelid)
    FROM ours JOIN pg_index ON indrelid = ours.oid
    UNION ALL
    SELECT concat('constraint ', conname, ' on ', name, ' ',
        pg_get_constraintdef(pg_constraint.oid))
    FROM ours JOIN pg_constraint ON conrelid = ours.oid
    WHERE contype <> 'n'  -- NOT NULL, which PostgreSQL 18 lists here
    UNION ALL
    SELECT pg_get_triggerdef(pg_trigger.oid)
    FROM ours JOIN pg_trigger ON tgrelid = ours.oid
    WHERE NOT tgisinternal
    UNION ALL
    SELECT concat('view ', name, pg_get_viewdef(oid))
    FROM ours WHERE relkind IN ('v', 'm')
    UNION ALL
    SELECT 'sequence ' || name FROM ours WHERE relkind = 'S'
    UNION ALL
    SELECT concat('enum ', enumtypid::regtype, ' ',
        string_agg(enumlabel, ' ' ORDER BY enumsortorder))
    FROM pg_enum GROUP BY enumtypid
"""
url = make_url(DATABASE_URL)
url.database += "".join(sys.argv[1:])
for line in sorted(line for (line,) in create_engine(url).execute(QUERY)):
    print(line)
