CREATE FUNCTION opps.current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
-- After a transaction that set it, the setting is '' and not NULL.
RETURN nullif(current_setting('app.tenant', true), '')::uuid;

CREATE FUNCTION opps.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % refused: the log is append-only', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION opps.forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.tenant = OLD.tenant AND NEW.size > OLD.size AND NEW.recorded_at > OLD.recorded_at THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a tenant head only moves forward' USING ERRCODE = 'restrict_violation';
END $$;

DO $guards$
DECLARE
  guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['tenants', 'tenant_head', 'events', 'commands'] LOOP
    EXECUTE format('ALTER TABLE opps.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY own_tenant ON opps.%I FOR SELECT TO opps_writer, opps_projector, opps_reader USING (tenant = opps.current_tenant())', guarded);
    EXECUTE format('CREATE POLICY append_read ON opps.%I FOR SELECT TO opps_append USING (true)', guarded);
    EXECUTE format('CREATE POLICY append_add ON opps.%I FOR INSERT TO opps_append WITH CHECK (true)', guarded);
    EXECUTE format('GRANT SELECT ON opps.%I TO opps_writer, opps_projector, opps_reader', guarded);
    EXECUTE format('GRANT SELECT, INSERT ON opps.%I TO opps_append', guarded);
    -- At statement level the refusal is loud even where row security hides every row.
    EXECUTE format('CREATE TRIGGER refuse_statement BEFORE %s OR TRUNCATE ON opps.%I FOR EACH STATEMENT EXECUTE FUNCTION opps.refuse()',
                   CASE guarded WHEN 'tenant_head' THEN 'DELETE' ELSE 'UPDATE OR DELETE' END, guarded);
    EXECUTE format('ALTER TABLE opps.%I ENABLE ALWAYS TRIGGER refuse_statement', guarded);
    EXECUTE format('CREATE TRIGGER refuse_row BEFORE %s ON opps.%I FOR EACH ROW EXECUTE FUNCTION opps.refuse()',
                   CASE guarded WHEN 'tenant_head' THEN 'DELETE' ELSE 'UPDATE OR DELETE' END, guarded);
    EXECUTE format('ALTER TABLE opps.%I ENABLE ALWAYS TRIGGER refuse_row', guarded);
  END LOOP;
END $guards$;

CREATE TRIGGER forward BEFORE UPDATE ON opps.tenant_head FOR EACH ROW EXECUTE FUNCTION opps.forward();
ALTER TABLE opps.tenant_head ENABLE ALWAYS TRIGGER forward;
CREATE POLICY append_move ON opps.tenant_head FOR UPDATE TO opps_append USING (true) WITH CHECK (true);
CREATE POLICY projector_heads ON opps.tenant_head FOR SELECT TO opps_projector USING (true);  -- who has news
GRANT UPDATE (size, recorded_at) ON opps.tenant_head TO opps_append;
