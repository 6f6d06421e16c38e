-- How far an application of the eventsourcing library has read the log of another.
CREATE TABLE opps.tracking (
  tenant          uuid   NOT NULL,
  application     text   NOT NULL,
  notification_id bigint NOT NULL,
  PRIMARY KEY (tenant, application)
);
ALTER TABLE opps.tracking OWNER TO opps_owner;
ALTER TABLE opps.tracking ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON opps.tracking TO opps_writer
  USING (tenant = opps.current_tenant()) WITH CHECK (tenant = opps.current_tenant());
GRANT SELECT, INSERT, UPDATE ON opps.tracking TO opps_writer;

-- True if the notification lies behind all that were tracked before.
CREATE FUNCTION opps.track(wanted_tenant uuid, wanted_application text, wanted_notification bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before text := current_setting('app.tenant', true);
  moved boolean;
BEGIN
  PERFORM set_config('app.tenant', wanted_tenant::text, true);
  INSERT INTO opps.tracking AS t VALUES (wanted_tenant, wanted_application, wanted_notification)
    ON CONFLICT (tenant, application) DO UPDATE SET notification_id = wanted_notification
    WHERE t.notification_id < wanted_notification;
  moved := FOUND;
  PERFORM set_config('app.tenant', before, true);
  RETURN moved;
END $$;

CREATE FUNCTION opps.tracked(wanted_tenant uuid, wanted_application text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before text := current_setting('app.tenant', true);
  found_notification bigint;
BEGIN
  PERFORM set_config('app.tenant', wanted_tenant::text, true);
  SELECT t.notification_id INTO found_notification FROM opps.tracking t
    WHERE t.tenant = wanted_tenant AND t.application = wanted_application;
  PERFORM set_config('app.tenant', before, true);
  RETURN found_notification;
END $$;

GRANT CREATE ON SCHEMA opps TO opps_writer;
ALTER FUNCTION opps.track OWNER TO opps_writer;
ALTER FUNCTION opps.tracked OWNER TO opps_writer;
REVOKE CREATE ON SCHEMA opps FROM opps_writer;
REVOKE ALL ON FUNCTION opps.track, opps.tracked FROM public;
