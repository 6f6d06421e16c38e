-- Reads marked for audit. They are no events: they fade when a person is erased, and end after a time.
-- What may hold words of anybody (document, variables) is sealed by the writer; nothing here is readable text
-- but the operation's name and the paths of the schema.
CREATE TABLE opps.read_documents (  -- a document that holds no texts of its own, once for all its reads
  tenant      uuid  NOT NULL,
  document_id bytea NOT NULL CHECK (octet_length(document_id) = 32),
  sealed      bytea NOT NULL,
  PRIMARY KEY (tenant, document_id)
);

CREATE TABLE opps.reads (
  tenant         uuid        NOT NULL,
  read_id        uuid        NOT NULL,
  read_at        timestamptz NOT NULL,
  kind           text        NOT NULL CHECK (kind IN ('QUERY', 'MUTATION', 'SUBSCRIPTION')),
  principal      uuid        NOT NULL,
  role           text        NOT NULL,
  operation      text,
  position       bigint      NOT NULL CHECK (position >= 0),  -- the end of the log as it was shown
  ended_position bigint,     -- of a subscription that ended: up to where it was sent
  document_id    bytea,
  sealed         bytea,      -- the variables, and the document if it is no shared one; NULL once purged
  answer         bytea       CHECK (octet_length(answer) = 32),
  PRIMARY KEY (tenant, read_id),
  FOREIGN KEY (tenant, document_id) REFERENCES opps.read_documents
);
CREATE INDEX reads_by_time ON opps.reads (tenant, read_at DESC, read_id DESC);
CREATE INDEX reads_by_principal ON opps.reads (tenant, principal, read_at DESC, read_id DESC);
CREATE INDEX reads_by_document ON opps.reads (tenant, document_id);

CREATE TABLE opps.read_subjects (  -- whose personal data an answer showed, and where in it
  tenant  uuid   NOT NULL,
  subject uuid   NOT NULL,
  read_id uuid   NOT NULL,
  paths   text[] NOT NULL,
  PRIMARY KEY (tenant, subject, read_id),
  FOREIGN KEY (tenant, read_id) REFERENCES opps.reads ON DELETE CASCADE
);
CREATE INDEX read_subjects_by_read ON opps.read_subjects (tenant, read_id);

-- A saved read may fade, and a subscription may end: nothing else of it ever changes.
CREATE FUNCTION opps.fade() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.tenant, NEW.read_id, NEW.read_at, NEW.kind, NEW.principal, NEW.role, NEW.position)
       = (OLD.tenant, OLD.read_id, OLD.read_at, OLD.kind, OLD.principal, OLD.role, OLD.position)
     AND NEW.operation IS NOT DISTINCT FROM OLD.operation
     AND (NEW.ended_position IS NOT DISTINCT FROM OLD.ended_position OR OLD.ended_position IS NULL)
     AND (NEW.document_id IS NOT DISTINCT FROM OLD.document_id OR NEW.document_id IS NULL)
     AND (NEW.sealed IS NOT DISTINCT FROM OLD.sealed OR NEW.sealed IS NULL)
     AND (NEW.answer IS NOT DISTINCT FROM OLD.answer OR NEW.answer IS NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a saved read is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER fade BEFORE UPDATE ON opps.reads FOR EACH ROW EXECUTE FUNCTION opps.fade();
ALTER TABLE opps.reads ENABLE ALWAYS TRIGGER fade;

DO $guards$
DECLARE
  guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['read_documents', 'reads', 'read_subjects'] LOOP
    EXECUTE format('ALTER TABLE opps.%I OWNER TO opps_owner', guarded);
    EXECUTE format('ALTER TABLE opps.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY own_tenant ON opps.%I FOR SELECT TO opps_reader USING (tenant = opps.current_tenant())', guarded);
    EXECUTE format('CREATE POLICY by_function ON opps.%I TO opps_append USING (true) WITH CHECK (true)', guarded);
    EXECUTE format('GRANT SELECT ON opps.%I TO opps_reader', guarded);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON opps.%I TO opps_append', guarded);
  END LOOP;
END $guards$;
GRANT UPDATE (sealed) ON opps.read_documents TO opps_append;  -- what it takes to lock a row
GRANT UPDATE (ended_position, document_id, sealed, answer) ON opps.reads TO opps_append;

-- Safe to repeat: the second time finds it stored.
CREATE FUNCTION opps.save_read(
  wanted_tenant uuid, wanted_read uuid, wanted_at timestamptz, wanted_kind text, wanted_principal uuid, wanted_role text,
  wanted_operation text, wanted_position bigint, wanted_document bytea, document_sealed bytea,
  wanted_sealed bytea, wanted_answer bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF wanted_document IS NOT NULL THEN
    INSERT INTO opps.read_documents VALUES (wanted_tenant, wanted_document, document_sealed) ON CONFLICT DO NOTHING;
  END IF;
  INSERT INTO opps.reads (tenant, read_id, read_at, kind, principal, role, operation, position, document_id, sealed, answer)
    VALUES (wanted_tenant, wanted_read, wanted_at, wanted_kind, wanted_principal, wanted_role, wanted_operation,
            wanted_position, wanted_document, wanted_sealed, wanted_answer)
    ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION opps.save_read_subject(wanted_tenant uuid, wanted_read uuid, wanted_subject uuid, wanted_paths text[])
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO opps.read_subjects (tenant, subject, read_id, paths)
    VALUES (wanted_tenant, wanted_subject, wanted_read, wanted_paths) ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION opps.end_read(wanted_tenant uuid, wanted_read uuid, wanted_position bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE opps.reads r SET ended_position = wanted_position
    WHERE r.tenant = wanted_tenant AND r.read_id = wanted_read AND r.ended_position IS NULL
$$;

-- After an erasure: what could bring back words of these persons goes; who saw them, and when, stays.
CREATE FUNCTION opps.purge_reads(wanted_tenant uuid, wanted_subjects uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  purged bigint;
BEGIN
  UPDATE opps.reads r SET document_id = NULL, sealed = NULL, answer = NULL
    WHERE r.tenant = wanted_tenant AND r.sealed IS NOT NULL AND r.read_id IN (
      SELECT s.read_id FROM opps.read_subjects s WHERE s.tenant = wanted_tenant AND s.subject = ANY (wanted_subjects));
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN purged;
END $$;

-- The only way to delete one: it is older than is kept. The caller says how many at once.
CREATE FUNCTION opps.forget_reads(wanted_tenant uuid, before timestamptz, at_most int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  forgotten bigint;
BEGIN
  DELETE FROM opps.reads r WHERE r.tenant = wanted_tenant AND r.read_id IN (
    SELECT o.read_id FROM opps.reads o WHERE o.tenant = wanted_tenant AND o.read_at < before
      ORDER BY o.read_at LIMIT at_most);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  IF forgotten > 0 THEN
    -- A document that a read of this moment wants is locked by that read, and stays.
    DELETE FROM opps.read_documents d WHERE (d.tenant, d.document_id) IN (
      SELECT k.tenant, k.document_id FROM opps.read_documents k
        WHERE k.tenant = wanted_tenant
          AND NOT EXISTS (SELECT FROM opps.reads r WHERE r.tenant = k.tenant AND r.document_id = k.document_id)
        FOR UPDATE SKIP LOCKED);
  END IF;
  RETURN forgotten;
END $$;

CREATE FUNCTION opps.find_reads(
  wanted_tenant uuid, wanted_read uuid, wanted_principal uuid, wanted_subject uuid, wanted_operation text,
  since timestamptz, before timestamptz, behind_at timestamptz, behind_read uuid, at_most int)
RETURNS TABLE (
  read_id uuid, read_at timestamptz, kind text, principal uuid, role text, operation text, "position" bigint,
  ended_position bigint, sealed bytea, answer bytea, document bytea, subjects uuid[], paths text[])
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  tenant_before text := current_setting('app.tenant', true);
BEGIN
  PERFORM set_config('app.tenant', wanted_tenant::text, true);
  RETURN QUERY
    SELECT r.read_id, r.read_at, r.kind, r.principal, r.role, r.operation, r.position, r.ended_position, r.sealed,
           r.answer, d.sealed, touched.subjects, touched.paths
    FROM opps.reads r
    LEFT JOIN opps.read_documents d ON d.tenant = r.tenant AND d.document_id = r.document_id
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(s.subject ORDER BY s.subject, p.path), '{}') AS subjects,
             coalesce(array_agg(p.path ORDER BY s.subject, p.path), '{}') AS paths
      FROM opps.read_subjects s, unnest(s.paths) p(path) WHERE s.tenant = r.tenant AND s.read_id = r.read_id) touched
    WHERE r.tenant = wanted_tenant
      AND (wanted_read IS NULL OR r.read_id = wanted_read)
      AND (wanted_principal IS NULL OR r.principal = wanted_principal)
      AND (wanted_subject IS NULL OR r.read_id IN (
        SELECT s.read_id FROM opps.read_subjects s WHERE s.tenant = wanted_tenant AND s.subject = wanted_subject))
      AND (wanted_operation IS NULL OR r.operation = wanted_operation)
      AND (since IS NULL OR r.read_at >= since)
      AND (before IS NULL OR r.read_at < before)
      AND (behind_at IS NULL OR (r.read_at, r.read_id) < (behind_at, behind_read))
    ORDER BY r.read_at DESC, r.read_id DESC LIMIT at_most;
  PERFORM set_config('app.tenant', tenant_before, true);
END $$;

GRANT CREATE ON SCHEMA opps TO opps_append, opps_reader;
ALTER FUNCTION opps.save_read OWNER TO opps_append;
ALTER FUNCTION opps.save_read_subject OWNER TO opps_append;
ALTER FUNCTION opps.end_read OWNER TO opps_append;
ALTER FUNCTION opps.purge_reads OWNER TO opps_append;
ALTER FUNCTION opps.forget_reads OWNER TO opps_append;
ALTER FUNCTION opps.find_reads OWNER TO opps_reader;
REVOKE CREATE ON SCHEMA opps FROM opps_append, opps_reader;
REVOKE ALL ON FUNCTION opps.save_read, opps.save_read_subject, opps.end_read, opps.purge_reads, opps.forget_reads,
  opps.find_reads FROM public;
GRANT EXECUTE ON FUNCTION opps.save_read, opps.save_read_subject, opps.end_read, opps.purge_reads, opps.forget_reads,
  opps.find_reads TO opps_writer;
