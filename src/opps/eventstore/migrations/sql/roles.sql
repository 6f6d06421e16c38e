-- Roles belong to the cluster, not to one database: made if missing, by whoever comes first.
-- Nobody logs in as them: a connection takes one with SET ROLE, so that any login which is a
-- member will do, and the embedded server needs no passwords.
DO $roles$
DECLARE
  missing text;
  become text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
  FOREACH missing IN ARRAY ARRAY['opps_owner', 'opps_append', 'opps_writer', 'opps_projector', 'opps_reader',
                              'opps_publisher', 'opps_warehouse'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = missing) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', missing);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- another database of this cluster was migrated at the same moment
      END;
    END IF;
    -- From PostgreSQL 16 on, who made a role may administer it, but neither become it nor use its rights.
    IF NOT (pg_has_role(current_user, missing, 'USAGE') AND pg_has_role(current_user, missing, become)) THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', missing);
    END IF;
  END LOOP;
END
$roles$;
