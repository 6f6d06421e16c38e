-- What append_batch does, for the most common case alone: one append of one event. A third of the time, because
-- nothing is an array. A test holds the two together.
CREATE FUNCTION opps.append_one(
  wanted_tenant uuid, wanted_command uuid, wanted_digest bytea, wanted_result bytea,
  wanted_stream uuid, expected bigint,
  event_id uuid, tag text, schema smallint, payload bytea, metadata bytea, commitments bytea,
  OUT verdict smallint, OUT first_position bigint, OUT count int, OUT recorded timestamptz,
  OUT conflict_version bigint, OUT result bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $function$
#variable_conflict use_variable
DECLARE
  head record;
  known record;
  last record;
  built bytea;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the log is appended to in READ COMMITTED, not %', current_setting('transaction_isolation');
  END IF;
  SELECT h.size + 1 AS position, h.recorded_at INTO head
    FROM opps.tenant_head h WHERE h.tenant = wanted_tenant FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    verdict := 3;
    RETURN;
  END IF;
  SELECT c.digest <> wanted_digest AS other, c.first_position, c.count, c.recorded_at, c.result INTO known
    FROM opps.commands c WHERE c.tenant = wanted_tenant AND c.command_id = wanted_command;
  IF FOUND THEN
    verdict := CASE WHEN known.other THEN 4 ELSE 1 END;
    first_position := known.first_position;
    count := known.count;
    recorded := known.recorded_at;
    result := known.result;
    RETURN;
  END IF;
  SELECT e.version, e.leaf INTO last FROM opps.events e
    WHERE e.tenant = wanted_tenant AND e.stream = wanted_stream ORDER BY e.version DESC LIMIT 1;
  conflict_version := coalesce(last.version, -1);
  IF conflict_version <> expected THEN
    verdict := 2;
    RETURN;
  END IF;
  first_position := head.position;
  recorded := greatest(clock_timestamp(), head.recorded_at) + interval '1 microsecond';
  built := '\x01'::bytea || uuid_send(wanted_tenant) || int8send(first_position) || uuid_send(wanted_stream)
    || int8send(expected + 1) || coalesce(last.leaf, opps.no_leaf())
    || int8send((extract(epoch FROM recorded) * 1000000)::bigint)
    || opps.header_tail(wanted_command, event_id, payload, metadata, schema, tag, commitments);
  INSERT INTO opps.events (tenant, position, stream, version, event_id, command_id, recorded_at, schema, tag,
                           header, leaf, metadata, payload)
    VALUES (wanted_tenant, first_position, wanted_stream, expected + 1, event_id, wanted_command, recorded, schema, tag,
            built, sha256('\x00'::bytea || built), metadata, payload);
  INSERT INTO opps.commands (tenant, command_id, digest, first_position, count, recorded_at, result)
    VALUES (wanted_tenant, wanted_command, wanted_digest, first_position, 1, recorded, wanted_result);
  UPDATE opps.tenant_head h SET size = first_position, recorded_at = recorded WHERE h.tenant = wanted_tenant;
  verdict := 0;
  count := 1;
END $function$;

GRANT CREATE ON SCHEMA opps TO opps_append;
ALTER FUNCTION opps.append_one OWNER TO opps_append;
REVOKE CREATE ON SCHEMA opps FROM opps_append;
REVOKE ALL ON FUNCTION opps.append_one FROM public;
GRANT EXECUTE ON FUNCTION opps.append_one TO opps_writer;
