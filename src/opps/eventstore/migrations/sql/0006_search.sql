-- A blind index: what finds a person by words that nobody can read here. It is no part of the log, can be dropped and
-- built anew, and loses a person with their erasure.
CREATE TABLE opps.search_indexes (
  tenant   uuid        PRIMARY KEY REFERENCES opps.tenants (tenant),
  key_id   uuid        NOT NULL,            -- under which the key of its tokens is kept
  position bigint      NOT NULL DEFAULT 0,  -- up to where the log was read
  built_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE opps.search_tokens (
  tenant    uuid NOT NULL,
  token     uuid NOT NULL,  -- the first 16 bytes of an HMAC
  person_id uuid NOT NULL,
  PRIMARY KEY (tenant, token, person_id)
);
CREATE INDEX search_tokens_by_person ON opps.search_tokens (tenant, person_id);

DO $guards$
DECLARE
  guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['search_indexes', 'search_tokens'] LOOP
    EXECUTE format('ALTER TABLE opps.%I OWNER TO opps_owner', guarded);
    EXECUTE format('ALTER TABLE opps.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY own_tenant ON opps.%I FOR SELECT TO opps_reader USING (tenant = opps.current_tenant())', guarded);
    EXECUTE format('CREATE POLICY by_function ON opps.%I TO opps_append USING (true) WITH CHECK (true)', guarded);
    EXECUTE format('GRANT SELECT ON opps.%I TO opps_reader', guarded);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON opps.%I TO opps_append', guarded);
  END LOOP;
END $guards$;
GRANT UPDATE (position) ON opps.search_indexes TO opps_append;

-- Whoever writes, purges or drops takes turns: of an erasure and a name read before it, the second sees the first.
CREATE FUNCTION opps.search_turn(wanted_tenant uuid) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_advisory_xact_lock(x'53656172'::int, hashtext(wanted_tenant::text))
$$;

CREATE FUNCTION opps.search_index(wanted_tenant uuid)
RETURNS TABLE (key_id uuid, "position" bigint, built_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.key_id, i.position, i.built_at FROM opps.search_indexes i WHERE i.tenant = wanted_tenant
$$;

CREATE FUNCTION opps.count_search(wanted_tenant uuid) RETURNS TABLE (persons bigint, tokens bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(DISTINCT t.person_id), count(*) FROM opps.search_tokens t WHERE t.tenant = wanted_tenant
$$;

-- One index a tenant: where there is one, it stays as it is.
CREATE FUNCTION opps.begin_search(wanted_tenant uuid, wanted_key uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO opps.search_indexes (tenant, key_id) VALUES (wanted_tenant, wanted_key) ON CONFLICT DO NOTHING
$$;

-- The tokens of some persons, as the log tells of them up to a position; false where the index is another one by now,
-- or was read further. Of persons who were erased since, none are written.
CREATE FUNCTION opps.write_search(
  wanted_tenant uuid, wanted_key uuid, from_position bigint, to_position bigint, persons uuid[],
  tokens uuid[], owners uuid[])
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tenant_before text := current_setting('app.tenant', true);
  gone uuid[];
BEGIN
  PERFORM opps.search_turn(wanted_tenant);
  UPDATE opps.search_indexes i SET position = to_position
    WHERE i.tenant = wanted_tenant AND i.key_id = wanted_key AND i.position = from_position;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM set_config('app.tenant', wanted_tenant::text, true);
  gone := ARRAY(SELECT e.stream FROM opps.events e
    WHERE e.tenant = wanted_tenant AND e.stream = ANY (persons) AND e.tag = 'PersonErased');
  PERFORM set_config('app.tenant', tenant_before, true);
  DELETE FROM opps.search_tokens t WHERE t.tenant = wanted_tenant AND t.person_id = ANY (persons);
  INSERT INTO opps.search_tokens (tenant, token, person_id)
    SELECT wanted_tenant, n.token, n.person_id FROM unnest(tokens, owners) n(token, person_id)
    WHERE n.person_id <> ALL (gone)
    ON CONFLICT DO NOTHING;
  RETURN true;
END $$;

CREATE FUNCTION opps.purge_search(wanted_tenant uuid, persons uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  purged bigint;
BEGIN
  PERFORM opps.search_turn(wanted_tenant);
  DELETE FROM opps.search_tokens t WHERE t.tenant = wanted_tenant AND t.person_id = ANY (persons);
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN purged;
END $$;

-- All of it goes; the caller destroys the key.
CREATE FUNCTION opps.drop_search(wanted_tenant uuid, OUT key_id uuid, OUT tokens bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM opps.search_turn(wanted_tenant);
  DELETE FROM opps.search_tokens t WHERE t.tenant = wanted_tenant;
  GET DIAGNOSTICS tokens = ROW_COUNT;
  DELETE FROM opps.search_indexes i WHERE i.tenant = wanted_tenant RETURNING i.key_id INTO key_id;
END $$;

GRANT CREATE ON SCHEMA opps TO opps_append;
ALTER FUNCTION opps.search_turn OWNER TO opps_append;
ALTER FUNCTION opps.search_index OWNER TO opps_append;
ALTER FUNCTION opps.count_search OWNER TO opps_append;
ALTER FUNCTION opps.begin_search OWNER TO opps_append;
ALTER FUNCTION opps.write_search OWNER TO opps_append;
ALTER FUNCTION opps.purge_search OWNER TO opps_append;
ALTER FUNCTION opps.drop_search OWNER TO opps_append;
REVOKE CREATE ON SCHEMA opps FROM opps_append;
REVOKE ALL ON FUNCTION opps.search_turn, opps.search_index, opps.count_search, opps.begin_search, opps.write_search,
  opps.purge_search, opps.drop_search FROM public;
GRANT EXECUTE ON FUNCTION opps.search_index, opps.count_search, opps.begin_search, opps.write_search, opps.purge_search,
  opps.drop_search TO opps_writer;
