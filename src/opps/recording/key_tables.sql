-- Wrapped keys of data subjects: apart from the log, and never readable by themselves.
SELECT pg_advisory_lock(1869639017);

DO $role$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'opps_keys') THEN
    BEGIN
      CREATE ROLE opps_keys NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;  -- another database of this cluster was prepared at the same moment
    END;
  END IF;
  IF NOT pg_has_role(current_user, 'opps_keys', 'MEMBER')
     OR current_setting('server_version_num')::int >= 160000 AND NOT pg_has_role(current_user, 'opps_keys', 'SET') THEN
    GRANT opps_keys TO CURRENT_USER;
  END IF;
END
$role$;

CREATE SCHEMA IF NOT EXISTS opps_keys;

CREATE TABLE IF NOT EXISTS opps_keys.tenant_keys (
  tenant     uuid   PRIMARY KEY,
  root       text,   -- the root key that wrapped it
  wrapped    bytea,
  generation bigint NOT NULL DEFAULT 1,  -- grows as keys are destroyed or wrapped anew
  CHECK ((root IS NULL) = (wrapped IS NULL))
);

CREATE TABLE IF NOT EXISTS opps_keys.subject_keys (
  tenant       uuid  NOT NULL,
  id           uuid  NOT NULL,
  wrapped      bytea,  -- NULL for ever once the key was destroyed
  destroyed_at timestamptz,
  PRIMARY KEY (tenant, id),
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

-- Who was erased, ids only: what tells an older copy of a log what happened after it.
CREATE TABLE IF NOT EXISTS opps_keys.erasures (
  number       bigint GENERATED ALWAYS AS IDENTITY,
  tenant       uuid NOT NULL,
  erasure_id   uuid NOT NULL,
  person_id    uuid NOT NULL,
  level        text NOT NULL,
  basis        text NOT NULL,
  requested_by uuid NOT NULL,
  approved_by  uuid NOT NULL,
  erased_at    timestamptz NOT NULL,
  PRIMARY KEY (tenant, erasure_id)
);

CREATE OR REPLACE FUNCTION opps_keys.keep_destroyed() RETURNS trigger LANGUAGE plpgsql AS $keep$
BEGIN
  IF OLD.wrapped IS NULL AND NEW.wrapped IS NOT NULL THEN
    RAISE EXCEPTION 'a key that was destroyed never comes back';
  END IF;
  RETURN NEW;
END
$keep$;

CREATE OR REPLACE TRIGGER keep_destroyed BEFORE UPDATE ON opps_keys.subject_keys
  FOR EACH ROW EXECUTE FUNCTION opps_keys.keep_destroyed();

DO $guard$
DECLARE
  guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['tenant_keys', 'subject_keys', 'erasures'] LOOP
    EXECUTE format('ALTER TABLE opps_keys.%I ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('DROP POLICY IF EXISTS own_tenant ON opps_keys.%I', guarded);
    EXECUTE format(
      'CREATE POLICY own_tenant ON opps_keys.%I TO opps_keys'
      ' USING (tenant = nullif(current_setting(''app.tenant'', true), '''')::uuid)', guarded);
  END LOOP;
END
$guard$;

-- No DELETE: the mark of a destroyed key stays, and so does an erasure, as it was written.
GRANT USAGE ON SCHEMA opps_keys TO opps_keys;
GRANT SELECT, INSERT, UPDATE (root, wrapped, generation) ON opps_keys.tenant_keys TO opps_keys;
GRANT SELECT, INSERT, UPDATE (wrapped, destroyed_at) ON opps_keys.subject_keys TO opps_keys;
GRANT SELECT, INSERT ON opps_keys.erasures TO opps_keys;

CREATE OR REPLACE FUNCTION opps_keys.tenants_with_keys() RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = opps_keys
  AS 'SELECT tenant FROM opps_keys.tenant_keys ORDER BY tenant';
REVOKE ALL ON FUNCTION opps_keys.tenants_with_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION opps_keys.tenants_with_keys() TO opps_keys;

SELECT pg_advisory_unlock(1869639017);
