-- The only way to set a recorded time: a whole log, as it was, into a tenant that has none.
-- Called in batches by one transaction: the tenant is empty, or what it holds was put there by that transaction.
-- The constraints of the table tie each header to its row; here the rows are tied to each other.
CREATE FUNCTION opps.restore_log(
  wanted_tenant uuid,
  event_position bigint[], event_stream uuid[], event_version bigint[], event_id uuid[], event_command uuid[],
  event_recorded timestamptz[], event_tag text[], event_schema smallint[], event_payload bytea[],
  event_metadata bytea[], event_header bytea[], event_leaf bytea[],
  command_id uuid[], command_digest bytea[], command_first bigint[], command_count int[],
  command_recorded timestamptz[], command_result bytea[])
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off
-- The statistics are those of an empty table until the restore is over.
SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
#variable_conflict use_variable
DECLARE
  ours xid := pg_current_xact_id()::xid;
  head record;
  event_count int := cardinality(event_position);
BEGIN
  SELECT h.size, h.recorded_at, h.xmin INTO head
    FROM opps.tenant_head h WHERE h.tenant = wanted_tenant FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no tenant %', wanted_tenant USING ERRCODE = 'no_data_found';
  END IF;
  IF head.size > 0 AND head.xmin <> ours
     OR head.size = 0 AND EXISTS (SELECT FROM opps.commands c WHERE c.tenant = wanted_tenant AND c.xmin <> ours) THEN
    RAISE EXCEPTION 'tenant % is not empty', wanted_tenant USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (
    SELECT FROM (
      SELECT u.*, lag(u.version) OVER of_stream AS version_before, lag(u.leaf) OVER of_stream AS leaf_before,
             coalesce(lag(u.recorded) OVER (ORDER BY u.number), head.recorded_at) AS recorded_before
      FROM unnest(event_position, event_stream, event_version, event_recorded, event_header, event_leaf)
           WITH ORDINALITY u(position, stream, version, recorded, header, leaf, number)
      WINDOW of_stream AS (PARTITION BY u.stream ORDER BY u.number)) e
    LEFT JOIN LATERAL (SELECT l.version, l.leaf FROM opps.events l
                       WHERE l.tenant = wanted_tenant AND l.stream = e.stream
                       ORDER BY l.version DESC LIMIT 1) last ON e.version_before IS NULL
    WHERE e.position <> head.size + e.number
       OR e.recorded < e.recorded_before
       OR e.version <> coalesce(e.version_before, last.version, -1) + 1
       OR substring(e.header FROM 50 FOR 32) <> coalesce(e.leaf_before, last.leaf, decode(repeat('00', 32), 'hex'))
  ) THEN
    RAISE EXCEPTION 'the events do not continue the log of tenant %', wanted_tenant USING ERRCODE = 'restrict_violation';
  END IF;

  INSERT INTO opps.events (tenant, position, stream, version, event_id, command_id, recorded_at, tag, schema,
                           payload, metadata, header, leaf)
    SELECT wanted_tenant, u.* FROM unnest(
      event_position, event_stream, event_version, event_id, event_command, event_recorded, event_tag, event_schema,
      event_payload, event_metadata, event_header, event_leaf) u;
  INSERT INTO opps.commands (tenant, command_id, digest, first_position, count, recorded_at, result)
    SELECT wanted_tenant, u.* FROM unnest(
      command_id, command_digest, command_first, command_count, command_recorded, command_result) u;
  IF event_count > 0 THEN
    UPDATE opps.tenant_head h SET size = head.size + event_count, recorded_at = event_recorded[event_count]
      WHERE h.tenant = wanted_tenant;
  END IF;
  RETURN head.size + event_count;
END $function$;

GRANT CREATE ON SCHEMA opps TO opps_append;
ALTER FUNCTION opps.restore_log OWNER TO opps_append;
REVOKE CREATE ON SCHEMA opps FROM opps_append;
REVOKE ALL ON FUNCTION opps.restore_log FROM public;
-- Never the writer: a server that answers requests cannot set a recorded time.
GRANT EXECUTE ON FUNCTION opps.restore_log TO opps_owner;
