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
  append_count int := cardinality(append_tenant);
  event_count int := cardinality(event_id);
  tenant_count int := cardinality(tenants);
  sizes bigint[] := array_fill(-1::bigint, ARRAY[tenant_count]);
  clocks timestamptz[] := array_fill(NULL::timestamptz, ARRAY[tenant_count]);
  pair_version bigint[];
  pair_leaf bytea[];
  conflicts int[];
  event_position bigint[] := array_fill(NULL::bigint, ARRAY[event_count]);
  event_version bigint[] := event_position;
  event_recorded timestamptz[] := array_fill(NULL::timestamptz, ARRAY[event_count]);
  event_header bytea[] := '{}';
  event_leaf bytea[] := '{}';
  stored int := 0;
  last_append int := 0;
  wall_clock timestamptz;
  microseconds bytea;
  header bytea;
  leaf bytea;
  found_row record;
  t int;
  a int;
  p int;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the log is appended to in READ COMMITTED, not %', current_setting('transaction_isolation');
  END IF;
  verdicts := array_fill(0::smallint, ARRAY[append_count]);
  first_positions := array_fill(NULL::bigint, ARRAY[append_count]);
  counts := array_fill(0, ARRAY[append_count]);
  recorded := array_fill(NULL::timestamptz, ARRAY[append_count]);
  conflict_pairs := array_fill(NULL::int, ARRAY[append_count]);
  conflict_versions := first_positions;
  results := array_fill(NULL::bytea, ARRAY[append_count]);

  FOR t IN 1..tenant_count LOOP  -- sorted by the caller: one lock order for everybody
    IF t > 1 AND tenants[t] <= tenants[t - 1] THEN
      RAISE EXCEPTION 'tenants must be sorted and distinct';
    END IF;
    SELECT h.size, h.recorded_at INTO found_row FROM opps.tenant_head h WHERE h.tenant = tenants[t] FOR NO KEY UPDATE;
    IF FOUND THEN
      sizes[t] := found_row.size;
      clocks[t] := found_row.recorded_at;
    END IF;
  END LOOP;
  -- From here to commit nobody else appends for these tenants: every check below is exact.
  wall_clock := clock_timestamp();
  FOR t IN 1..tenant_count LOOP
    clocks[t] := greatest(wall_clock, clocks[t]);
  END LOOP;

  FOR found_row IN
    SELECT asked.number, c.first_position, c.count, c.recorded_at, c.result,
           c.digest IS NOT NULL AND asked.digest IS NOT NULL AND c.digest <> asked.digest AS other
    FROM unnest(append_tenant, append_command, append_digest) WITH ORDINALITY asked(tenant, command_id, digest, number)
    JOIN LATERAL (SELECT * FROM opps.commands k
                  WHERE k.tenant = tenants[asked.tenant] AND k.command_id = asked.command_id LIMIT 1) c ON true
  LOOP
    a := found_row.number;
    verdicts[a] := CASE WHEN found_row.other THEN 4 ELSE 1 END;
    first_positions[a] := found_row.first_position;
    counts[a] := found_row.count;
    recorded[a] := found_row.recorded_at;
    results[a] := found_row.result;
  END LOOP;

  SELECT array_agg(coalesce(last.version, -1) ORDER BY x.number),
         array_agg(coalesce(last.leaf, decode(repeat('00', 32), 'hex')) ORDER BY x.number),
         array_agg(x.number ORDER BY x.number) FILTER (WHERE x.expected IS DISTINCT FROM coalesce(last.version, -1))
    INTO pair_version, pair_leaf, conflicts
    FROM unnest(pair_append, pair_stream, pair_expected) WITH ORDINALITY x(append, stream, expected, number)
    LEFT JOIN LATERAL (SELECT e.version, e.leaf FROM opps.events e
                       WHERE e.tenant = tenants[append_tenant[x.append]] AND e.stream = x.stream
                       ORDER BY e.version DESC LIMIT 1) last ON true;
  IF conflicts IS NOT NULL THEN
    FOREACH p IN ARRAY conflicts LOOP
      a := pair_append[p];
      IF verdicts[a] = 0 THEN
        verdicts[a] := 2;
        conflict_pairs[a] := p;
        conflict_versions[a] := pair_version[p];
      END IF;
    END LOOP;
  END IF;
  FOR a IN 1..append_count LOOP
    t := append_tenant[a];
    IF sizes[t] < 0 THEN
      verdicts[a] := 3;
    ELSIF verdicts[a] = 0 THEN
      recorded[a] := clocks[t];  -- stays only where the append has no event
    END IF;
  END LOOP;

  FOR found_row IN
    SELECT u.number, u.append, u.pair,
           uuid_send(append_command[u.append]) || uuid_send(u.id) || sha256(u.payload) || sha256(u.metadata)
             || int2send(u.schema) || int2send(octet_length(u.tag)::smallint) || convert_to(u.tag, 'UTF8')
             || int2send((octet_length(u.commitments) / 32)::smallint) || u.commitments AS tail
    FROM unnest(event_append, event_pair, event_id, event_tag, event_schema, event_payload, event_metadata, event_commitments)
         WITH ORDINALITY u(append, pair, id, tag, schema, payload, metadata, commitments, number)
  LOOP
    a := found_row.append;
    IF verdicts[a] <> 0 THEN
      CONTINUE;
    END IF;
    t := append_tenant[a];
    p := found_row.pair;
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
    stored := stored + 1;
    header := '\x01'::bytea || uuid_send(tenants[t]) || int8send(sizes[t]) || uuid_send(pair_stream[p])
      || int8send(pair_version[p]) || pair_leaf[p] || microseconds || found_row.tail;
    leaf := sha256('\x00'::bytea || header);
    pair_leaf[p] := leaf;
    event_header[found_row.number] := header;
    event_leaf[found_row.number] := leaf;
    event_position[found_row.number] := sizes[t];
    event_version[found_row.number] := pair_version[p];
    event_recorded[found_row.number] := clocks[t];
  END LOOP;

  IF stored > 0 THEN
    INSERT INTO opps.events (tenant, position, stream, version, event_id, command_id, recorded_at, schema, tag,
                             header, leaf, metadata, payload)
      SELECT tenants[append_tenant[u.append]], u.position, pair_stream[u.pair], u.version, u.id, append_command[u.append],
             u.recorded_at, u.schema, u.tag, u.header, u.leaf, u.metadata, u.payload
      FROM unnest(event_append, event_pair, event_id, event_tag, event_schema, event_payload, event_metadata,
                  event_position, event_version, event_recorded, event_header, event_leaf)
           u(append, pair, id, tag, schema, payload, metadata, position, version, recorded_at, header, leaf)
      WHERE u.position IS NOT NULL;
    UPDATE opps.tenant_head h SET size = moved.size, recorded_at = moved.recorded_at
      FROM unnest(tenants, sizes, clocks) moved(tenant, size, recorded_at)
      WHERE h.tenant = moved.tenant AND moved.size > h.size;
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
