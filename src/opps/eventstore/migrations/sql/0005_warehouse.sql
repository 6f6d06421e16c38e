-- Views for warehouses. Whoever reads them writes SQL of their own, so no setting of their session may say which
-- tenant is theirs: their login does. The views belong to opps_publisher, which reads the read models under row
-- security; who reads the views has no right to any table.
CREATE SCHEMA opps_warehouse AUTHORIZATION opps_publisher;
GRANT USAGE ON SCHEMA opps_warehouse TO opps_warehouse, opps_projector;
GRANT USAGE ON SCHEMA opps, opps_views TO opps_publisher;

CREATE TABLE opps.warehouse_logins (  -- who may read which tenant's views
  login  name NOT NULL,
  tenant uuid NOT NULL REFERENCES opps.tenants (tenant),
  PRIMARY KEY (login, tenant)
);
ALTER TABLE opps.warehouse_logins OWNER TO opps_owner;
ALTER TABLE opps.warehouse_logins ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY operator ON opps.warehouse_logins TO opps_owner USING (true) WITH CHECK (true);

CREATE FUNCTION opps.warehouse_tenants() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- The login itself, whatever role it has taken.
RETURN ARRAY(SELECT l.tenant FROM opps.warehouse_logins l WHERE l.login = session_user);
ALTER FUNCTION opps.warehouse_tenants OWNER TO opps_owner;

CREATE TABLE opps.warehouse_views (  -- as each view was last made, so that none is made again for nothing
  view       name NOT NULL PRIMARY KEY,
  definition text NOT NULL
);
ALTER TABLE opps.warehouse_views OWNER TO opps_owner;
GRANT SELECT ON opps.warehouse_views TO opps_projector, opps_publisher;
GRANT INSERT, UPDATE ON opps.warehouse_views TO opps_publisher;

-- Replaced, never dropped: what others built on a view, and who may read it, stays; PostgreSQL itself refuses a
-- replacement that lacks a column of before, or has it in another place or of another type.
CREATE FUNCTION opps.publish_view(wanted name, query text, wanted_definition text, meaning text, meanings jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  told record;
BEGIN
  EXECUTE format('CREATE OR REPLACE VIEW opps_warehouse.%I AS %s', wanted, query);
  EXECUTE format('GRANT SELECT ON opps_warehouse.%I TO opps_warehouse', wanted);
  EXECUTE format('COMMENT ON VIEW opps_warehouse.%I IS %L', wanted, meaning);
  FOR told IN SELECT key, value FROM jsonb_each_text(meanings) LOOP
    EXECUTE format('COMMENT ON COLUMN opps_warehouse.%I.%I IS %L', wanted, told.key, told.value);
  END LOOP;
  INSERT INTO opps.warehouse_views VALUES (wanted, wanted_definition)
    ON CONFLICT (view) DO UPDATE SET definition = wanted_definition;
END $$;
GRANT CREATE ON SCHEMA opps TO opps_publisher;
ALTER FUNCTION opps.publish_view OWNER TO opps_publisher;
REVOKE CREATE ON SCHEMA opps FROM opps_publisher;
REVOKE ALL ON FUNCTION opps.publish_view FROM public;
GRANT EXECUTE ON FUNCTION opps.publish_view TO opps_projector;

-- Whoever serves looks at the revision with a login of its own, which need not be the one that migrated.
GRANT SELECT ON opps.alembic_version TO opps_writer, opps_projector, opps_reader;
