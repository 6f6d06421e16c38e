-- Which ledger seals a tenant's log: the first key that ever signed there, so that no other one signs beside it.
-- The ledger itself is not here: whoever owns the database could alter it.
CREATE TABLE opps.ledgers (
  tenant    uuid NOT NULL PRIMARY KEY REFERENCES opps.tenants (tenant),
  first_key text NOT NULL
);
ALTER TABLE opps.ledgers OWNER TO opps_owner;
ALTER TABLE opps.ledgers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON opps.ledgers FOR SELECT TO opps_reader USING (tenant = opps.current_tenant());
CREATE POLICY by_function ON opps.ledgers TO opps_append USING (true) WITH CHECK (true);
GRANT SELECT ON opps.ledgers TO opps_reader;
GRANT SELECT, INSERT, UPDATE ON opps.ledgers TO opps_append;

-- Returns the key that holds it: the first that asks, until another one takes it over. Without a key it only tells.
CREATE FUNCTION opps.claim_ledger(wanted_tenant uuid, wanted_key text, taking_over boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  holder text;
BEGIN
  IF wanted_key IS NOT NULL THEN
    INSERT INTO opps.ledgers AS l VALUES (wanted_tenant, wanted_key)
      ON CONFLICT (tenant) DO UPDATE SET first_key = wanted_key WHERE taking_over AND l.first_key <> wanted_key;
  END IF;
  SELECT l.first_key INTO holder FROM opps.ledgers l WHERE l.tenant = wanted_tenant;
  RETURN holder;
END $$;

GRANT CREATE ON SCHEMA opps TO opps_append;
ALTER FUNCTION opps.claim_ledger OWNER TO opps_append;
REVOKE CREATE ON SCHEMA opps FROM opps_append;
REVOKE ALL ON FUNCTION opps.claim_ledger FROM public;
GRANT EXECUTE ON FUNCTION opps.claim_ledger TO opps_writer;
