-- Roles belong to the cluster, not to one database: made if missing, by whoever comes first.
-- Nobody logs in as them: a connection takes one with SET ROLE, so that any login which is a
-- member will do, and the embedded server needs no passwords.
DO $roles$
DECLARE
  missing text;
BEGIN
  FOREACH missing IN ARRAY ARRAY['opps_owner', 'opps_append', 'opps_writer', 'opps_projector', 'opps_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = missing) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', missing);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- another database of this cluster was migrated at the same moment
      END;
    END IF;
    IF NOT pg_has_role(current_user, missing, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', missing);
    END IF;
  END LOOP;
END
$roles$;
