-- Reads name their tenant and run as opps_reader: row security holds whoever is connected, in one round trip,
-- also through a pooler that hands each statement to another connection. The tenant is put back afterwards,
-- because a SET clause for a setting of our own would take a superuser to create.
CREATE FUNCTION opps.read_log(
  wanted_tenant uuid, after_position bigint, until_position bigint, wanted_tags text[], at_most int)
RETURNS SETOF opps.events
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $$
DECLARE
  before text := current_setting('app.tenant', true);
BEGIN
  PERFORM set_config('app.tenant', wanted_tenant::text, true);
  RETURN QUERY SELECT e.* FROM opps.events e
    WHERE e.tenant = wanted_tenant AND e.position > after_position
      AND e.position <= coalesce(until_position, 9223372036854775807)
      AND (wanted_tags IS NULL OR e.tag = ANY (wanted_tags))
    ORDER BY e.position LIMIT at_most;
  PERFORM set_config('app.tenant', before, true);
END $$;

CREATE FUNCTION opps.read_stream(
  wanted_tenant uuid, wanted_stream uuid, after_version bigint, until_version bigint, newest_first boolean, at_most int)
RETURNS SETOF opps.events
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $$
DECLARE
  before text := current_setting('app.tenant', true);
BEGIN
  PERFORM set_config('app.tenant', wanted_tenant::text, true);
  IF newest_first THEN
    RETURN QUERY SELECT e.* FROM opps.events e
      WHERE e.tenant = wanted_tenant AND e.stream = wanted_stream AND e.version > after_version
        AND e.version <= coalesce(until_version, 9223372036854775807)
      ORDER BY e.version DESC LIMIT at_most;
  ELSE
    RETURN QUERY SELECT e.* FROM opps.events e
      WHERE e.tenant = wanted_tenant AND e.stream = wanted_stream AND e.version > after_version
        AND e.version <= coalesce(until_version, 9223372036854775807)
      ORDER BY e.version LIMIT at_most;
  END IF;
  PERFORM set_config('app.tenant', before, true);
END $$;

CREATE FUNCTION opps.read_streams(wanted_tenant uuid, wanted_streams uuid[]) RETURNS SETOF opps.events
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
DECLARE
  before text := current_setting('app.tenant', true);
BEGIN
  PERFORM set_config('app.tenant', wanted_tenant::text, true);
  RETURN QUERY SELECT found.* FROM unnest(wanted_streams) wanted(stream)
    CROSS JOIN LATERAL (SELECT e.* FROM opps.events e
                        WHERE e.tenant = wanted_tenant AND e.stream = wanted.stream ORDER BY e.version) found
    ORDER BY found.position;
  PERFORM set_config('app.tenant', before, true);
END $$;

CREATE FUNCTION opps.read_head(wanted_tenant uuid) RETURNS SETOF opps.tenant_head
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before text := current_setting('app.tenant', true);
BEGIN
  PERFORM set_config('app.tenant', wanted_tenant::text, true);
  RETURN QUERY SELECT h.* FROM opps.tenant_head h WHERE h.tenant = wanted_tenant;
  PERFORM set_config('app.tenant', before, true);
END $$;

CREATE FUNCTION opps.read_command(wanted_tenant uuid, wanted_command uuid) RETURNS SETOF opps.commands
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before text := current_setting('app.tenant', true);
BEGIN
  PERFORM set_config('app.tenant', wanted_tenant::text, true);
  RETURN QUERY SELECT c.* FROM opps.commands c WHERE c.tenant = wanted_tenant AND c.command_id = wanted_command;
  PERFORM set_config('app.tenant', before, true);
END $$;

GRANT CREATE ON SCHEMA opps TO opps_reader;
ALTER FUNCTION opps.read_log OWNER TO opps_reader;
ALTER FUNCTION opps.read_stream OWNER TO opps_reader;
ALTER FUNCTION opps.read_streams OWNER TO opps_reader;
ALTER FUNCTION opps.read_head OWNER TO opps_reader;
ALTER FUNCTION opps.read_command OWNER TO opps_reader;
REVOKE CREATE ON SCHEMA opps FROM opps_reader;
REVOKE ALL ON FUNCTION opps.read_log, opps.read_stream, opps.read_streams, opps.read_head, opps.read_command FROM public;
GRANT EXECUTE ON FUNCTION opps.read_log, opps.read_stream, opps.read_streams, opps.read_head, opps.read_command
  TO opps_writer, opps_projector;
