CREATE FUNCTION opps.no_leaf() RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN decode('0000000000000000000000000000000000000000000000000000000000000000', 'hex');

-- Header version 1 from byte 90 on. Stable, as convert_to is: else it would not be inlined.
CREATE FUNCTION opps.header_tail(
  command_id uuid, event_id uuid, payload bytea, metadata bytea, schema smallint, tag text, commitments bytea)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN uuid_send(command_id) || uuid_send(event_id) || sha256(payload) || sha256(metadata) || int2send(schema)
  || int2send(octet_length(tag)::smallint) || convert_to(tag, 'UTF8')
  || int2send((octet_length(commitments) / 32)::smallint) || commitments;

-- One call appends a batch and gives each append its own verdict:
-- 0 stored, 1 repeated (the first result), 2 version conflict, 3 no such tenant, 4 command id of another request.
-- append_tenant points into tenants; a pair is one stream of one append with its expected version (-1 = new);
-- events are in order and point to their append and pair. Arrays count from 1.
CREATE FUNCTION opps.append_batch(
  tenants uuid[],
  append_tenant int[], append_command uuid[], append_digest bytea[], append_result bytea[],
  pair_append int[], pair_stream uuid[], pair_expected bigint[],
  event_append int[], event_pair int[], event_id uuid[], event_tag text[], event_schema smallint[],
  event_payload bytea[], event_metadata bytea[], event_commitments bytea[],
  OUT verdicts smallint[], OUT first_positions bigint[], OUT counts int[], OUT recorded timestamptz[],
  OUT conflict_pairs int[], OUT conflict_versions bigint[], OUT results bytea[])
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off
-- With few analysed rows the cached plan would read events_pkey and filter: 1 ms an event after 15,000 appends.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $function$
#variable_conflict use_variable
DECLARE
  sizes bigint[];
  clocks timestamptz[];
  pair_version bigint[];
  pair_leaf bytea[];
  conflicts int[];
  -- An array that is filled from the middle would begin there.
  event_position bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(event_id)]);
  event_version bigint[] := event_position;
  event_recorded timestamptz[] := array_fill(NULL::timestamptz, ARRAY[cardinality(event_id)]);
  event_header bytea[] := array_fill(NULL::bytea, ARRAY[cardinality(event_id)]);
  event_leaf bytea[] := event_header;
  last_append int := 0;
  microseconds bytea;
  built bytea;
  hashed bytea;
  event record;
  t int;
  a int;
  p int;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the log is appended to in READ COMMITTED, not %', current_setting('transaction_isolation');
  END IF;

  -- Locked in order of tenants, so that two callers never wait for each other. From here to commit nobody else
  -- appends for these tenants: every check below is exact. A tenant's clock is read behind its lock: a later
  -- append never has an earlier instant.
  WITH locked AS MATERIALIZED (
    SELECT h.tenant, h.size, h.recorded_at FROM opps.tenant_head h
    WHERE h.tenant = ANY (tenants) ORDER BY h.tenant FOR NO KEY UPDATE)
  SELECT array_agg(coalesce(l.size, -1) ORDER BY w.number),
         array_agg(greatest(l.recorded_at, clock_timestamp()) ORDER BY w.number)
    INTO sizes, clocks
    FROM unnest(tenants) WITH ORDINALITY w(tenant, number) LEFT JOIN locked l ON l.tenant = w.tenant;

  SELECT array_agg(CASE WHEN sizes[asked.tenant] < 0 THEN 3 WHEN c.count IS NULL THEN 0
                        WHEN c.digest <> asked.digest THEN 4 ELSE 1 END ORDER BY asked.number),
         array_agg(c.first_position ORDER BY asked.number),
         array_agg(coalesce(c.count, 0) ORDER BY asked.number),
         array_agg(coalesce(c.recorded_at, clocks[asked.tenant]) ORDER BY asked.number),
         array_agg(c.result ORDER BY asked.number)
    INTO verdicts, first_positions, counts, recorded, results
    FROM unnest(append_tenant, append_command, append_digest) WITH ORDINALITY asked(tenant, command_id, digest, number)
    LEFT JOIN LATERAL (SELECT * FROM opps.commands k
                       WHERE k.tenant = tenants[asked.tenant] AND k.command_id = asked.command_id LIMIT 1) c ON true;

  SELECT array_agg(coalesce(last.version, -1) ORDER BY x.number),
         array_agg(coalesce(last.leaf, opps.no_leaf()) ORDER BY x.number),
         array_agg(x.number ORDER BY x.number DESC) FILTER (WHERE x.expected IS DISTINCT FROM coalesce(last.version, -1))
    INTO pair_version, pair_leaf, conflicts
    FROM unnest(pair_append, pair_stream, pair_expected) WITH ORDINALITY x(append, stream, expected, number)
    LEFT JOIN LATERAL (SELECT e.version, e.leaf FROM opps.events e
                       WHERE e.tenant = tenants[append_tenant[x.append]] AND e.stream = x.stream
                       ORDER BY e.version DESC LIMIT 1) last ON true;
  IF conflicts IS NOT NULL THEN
    conflict_pairs := array_fill(NULL::int, ARRAY[cardinality(append_tenant)]);
    conflict_versions := array_fill(NULL::bigint, ARRAY[cardinality(append_tenant)]);
    FOREACH p IN ARRAY conflicts LOOP  -- the first of an append comes last and stays
      a := pair_append[p];
      IF verdicts[a] IN (0, 2) THEN
        verdicts[a] := 2;
        conflict_pairs[a] := p;
        conflict_versions[a] := pair_version[p];
      END IF;
    END LOOP;
  END IF;

  FOR event IN
    SELECT u.number, u.append, u.pair, append_tenant[u.append] AS tenant,
           '\x01'::bytea || uuid_send(tenants[append_tenant[u.append]]) AS head,
           uuid_send(pair_stream[u.pair]) AS stream,
           opps.header_tail(append_command[u.append], u.id, u.payload, u.metadata, u.schema, u.tag, u.commitments) AS tail
    FROM unnest(event_append, event_pair, event_id, event_tag, event_schema, event_payload, event_metadata, event_commitments)
         WITH ORDINALITY u(append, pair, id, tag, schema, payload, metadata, commitments, number)
    WHERE verdicts[u.append] = 0
  LOOP
    a := event.append;
    t := event.tenant;
    p := event.pair;
    IF a <> last_append THEN  -- one instant an append, a later one for the next
      last_append := a;
      clocks[t] := clocks[t] + interval '1 microsecond';
      microseconds := int8send((extract(epoch FROM clocks[t]) * 1000000)::bigint);
      first_positions[a] := sizes[t] + 1;
      recorded[a] := clocks[t];
    END IF;
    sizes[t] := sizes[t] + 1;
    counts[a] := counts[a] + 1;
    pair_version[p] := pair_version[p] + 1;
    built := event.head || int8send(sizes[t]) || event.stream || int8send(pair_version[p]) || pair_leaf[p] || microseconds
      || event.tail;
    hashed := sha256('\x00'::bytea || built);
    pair_leaf[p] := hashed;
    event_header[event.number] := built;
    event_leaf[event.number] := hashed;
    event_position[event.number] := sizes[t];
    event_version[event.number] := pair_version[p];
    event_recorded[event.number] := clocks[t];
  END LOOP;

  IF last_append > 0 THEN
    INSERT INTO opps.events (tenant, position, stream, version, event_id, command_id, recorded_at, schema, tag,
                             header, leaf, metadata, payload)
      SELECT tenants[append_tenant[u.append]], u.position, pair_stream[u.pair], u.version, u.id, append_command[u.append],
             u.recorded_at, u.schema, u.tag, u.header, u.leaf, u.metadata, u.payload
      FROM unnest(event_append, event_pair, event_id, event_tag, event_schema, event_payload, event_metadata,
                  event_position, event_version, event_recorded, event_header, event_leaf)
           u(append, pair, id, tag, schema, payload, metadata, position, version, recorded_at, header, leaf)
      WHERE u.position IS NOT NULL;
    FOR t IN 1..cardinality(tenants) LOOP  -- one by one: a join would read every head there is
      UPDATE opps.tenant_head h SET size = sizes[t], recorded_at = clocks[t]
        WHERE h.tenant = tenants[t] AND h.size < sizes[t];
    END LOOP;
  END IF;
  INSERT INTO opps.commands (tenant, command_id, digest, first_position, count, recorded_at, result)
    SELECT tenants[c.tenant], c.command_id, c.digest, c.first_position, c.count, c.recorded_at, c.result
    FROM unnest(append_tenant, append_command, append_digest, append_result, verdicts, first_positions, counts, recorded)
         c(tenant, command_id, digest, result, verdict, first_position, count, recorded_at)
    WHERE c.verdict = 0;
END $function$;

CREATE FUNCTION opps.register_tenant(wanted_tenant uuid, wanted_slug text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  registered uuid;
BEGIN
  INSERT INTO opps.tenants (tenant, slug) VALUES (wanted_tenant, wanted_slug) ON CONFLICT (slug) DO NOTHING;
  SELECT t.tenant INTO STRICT registered FROM opps.tenants t WHERE t.slug = wanted_slug;
  INSERT INTO opps.tenant_head (tenant) VALUES (registered) ON CONFLICT DO NOTHING;
  RETURN registered;
END $$;

CREATE FUNCTION opps.list_tenants() RETURNS TABLE (tenant uuid, slug text, size bigint, recorded_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.tenant, t.slug, h.size, h.recorded_at
  FROM opps.tenants t JOIN opps.tenant_head h ON h.tenant = t.tenant ORDER BY t.slug
$$;

-- An owner of a function in a schema must be allowed to create there at that moment.
GRANT CREATE ON SCHEMA opps TO opps_append;
ALTER FUNCTION opps.append_batch OWNER TO opps_append;
ALTER FUNCTION opps.register_tenant OWNER TO opps_append;
ALTER FUNCTION opps.list_tenants OWNER TO opps_append;
REVOKE CREATE ON SCHEMA opps FROM opps_append;
REVOKE ALL ON FUNCTION opps.append_batch, opps.register_tenant, opps.list_tenants FROM public;
GRANT EXECUTE ON FUNCTION opps.append_batch, opps.register_tenant TO opps_writer;
GRANT EXECUTE ON FUNCTION opps.list_tenants TO opps_writer, opps_projector, opps_reader;
