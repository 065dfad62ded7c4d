-- What the .sql files use and PostgreSQL lacks, in the model's schema, which is searched before pg_catalog:
-- here its own sum() comes first.
CREATE AGGREGATE sum(bigint) (SFUNC = int8pl, STYPE = bigint);
CREATE FUNCTION add_true(total bigint, one boolean) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN one IS NULL THEN total ELSE coalesce(total, 0) + one::int END';
CREATE AGGREGATE sum(boolean) (SFUNC = add_true, STYPE = bigint);
CREATE FUNCTION greater_true(most bigint, one boolean) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN one IS NULL THEN most ELSE int8larger(coalesce(most, 0), one::int::bigint) END';
CREATE AGGREGATE max(boolean) (SFUNC = greater_true, STYPE = bigint);
CREATE FUNCTION lesser_true(fewest bigint, one boolean) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN one IS NULL THEN fewest ELSE int8smaller(coalesce(fewest, 1), one::int::bigint) END';
CREATE AGGREGATE min(boolean) (SFUNC = lesser_true, STYPE = bigint);

-- Of two or more values; NULL when one is.
CREATE FUNCTION max(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN greatest($1, $2) END';
CREATE FUNCTION min(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN least($1, $2) END';
CREATE FUNCTION max(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN greatest($1, $2) END';
CREATE FUNCTION min(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN least($1, $2) END';
CREATE FUNCTION max(bigint, bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN $1 + $2 + $3 IS NOT NULL THEN greatest($1, $2, $3) END';
CREATE FUNCTION max(bigint, bigint, bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN $1 + $2 + $3 + $4 IS NOT NULL THEN greatest($1, $2, $3, $4) END';

-- Entries in their order, whatever way the rows came; text in the order in which it came.
CREATE FUNCTION joined(numbers bigint[]) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$SELECT string_agg(n::text, ',' ORDER BY n) FROM unnest(numbers) n$$;
CREATE AGGREGATE group_concat(bigint) (SFUNC = array_append, STYPE = bigint[], FINALFUNC = joined);
CREATE FUNCTION append(joined text, one text, comma text) RETURNS text LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN one IS NULL THEN joined WHEN joined IS NULL THEN one ELSE joined || comma || one END';
CREATE FUNCTION append(joined text, one text) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$SELECT CASE WHEN one IS NULL THEN joined WHEN joined IS NULL THEN one ELSE joined || ',' || one END$$;
CREATE AGGREGATE group_concat(text) (SFUNC = append, STYPE = text);
CREATE AGGREGATE group_concat(text, text) (SFUNC = append, STYPE = text);

CREATE FUNCTION instr(text, text) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT strpos($1, $2)::bigint';
CREATE FUNCTION substr(whole text, start bigint, length bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN length <= 0 THEN '''' ELSE pg_catalog.substr(whole, start::int, length::int) END';
CREATE FUNCTION substr(whole text, start bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
  'SELECT pg_catalog.substr(whole, start::int)';
CREATE FUNCTION json_each(text) RETURNS TABLE (value bigint) LANGUAGE sql IMMUTABLE AS
  'SELECT n.value::bigint FROM json_array_elements_text($1::json) n';

CREATE FUNCTION julianday(day text) RETURNS float8 LANGUAGE sql STABLE AS
  $$SELECT (day::pg_catalog.date - '2000-01-01'::pg_catalog.date) + 2451544.5::float8$$;
-- "+N days", "+N months", "+N years". A day that the month does not have goes on into the next: 31 January and a
-- month is 3 March.
CREATE FUNCTION date(day text, step text) RETURNS text LANGUAGE sql STABLE AS
  $$SELECT CASE WHEN step LIKE '%day%' THEN day::pg_catalog.date + split_part(step, ' ', 1)::int
           ELSE (date_trunc('month', day::timestamp)
                 + make_interval(months => split_part(step, ' ', 1)::int * CASE WHEN step LIKE '%year%' THEN 12
                     ELSE 1 END)
                )::pg_catalog.date
                + extract(day FROM day::timestamp)::int - 1 END::text$$;
-- As the ledger counts months everywhere: a day that the month does not have is its last one.
CREATE FUNCTION add_months(day text, months bigint) RETURNS text LANGUAGE sql STABLE AS
  $$SELECT (day::timestamp + make_interval(months => months::int))::pg_catalog.date::text$$;
