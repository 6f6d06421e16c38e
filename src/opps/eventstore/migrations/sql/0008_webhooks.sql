-- What the log cannot tell of messages to webhook endpoints: up to where each was told, what waits for another attempt,
-- and what was tried. The log itself is the outbox: lost rows cost repetitions, never a message.
CREATE TABLE opps.webhook_turns (
  tenant uuid   NOT NULL PRIMARY KEY REFERENCES opps.tenants (tenant),
  turn   bigint NOT NULL  -- whoever took a later one has fenced off whoever has this one
);

-- The lane of an endpoint's own id goes on for ever; one of another id is a replay, and ends.
CREATE TABLE opps.webhook_lanes (
  tenant      uuid     NOT NULL REFERENCES opps.tenants (tenant),
  endpoint_id uuid     NOT NULL,
  lane_id     uuid     NOT NULL,
  position    bigint   NOT NULL,
  kind        smallint NOT NULL,
  ordinal     bigint   NOT NULL,
  until       bigint,
  only_message uuid,  -- the one message that a replay is about
  PRIMARY KEY (tenant, endpoint_id, lane_id)
);

CREATE TABLE opps.webhook_standing (
  tenant        uuid NOT NULL REFERENCES opps.tenants (tenant),
  endpoint_id   uuid NOT NULL,
  failing_since timestamptz,
  delivered_at  timestamptz,
  PRIMARY KEY (tenant, endpoint_id)
);

-- What failed, and behind it what is about the same subject, in order. What died waits for a replay.
CREATE TABLE opps.webhook_waiting (
  tenant      uuid        NOT NULL REFERENCES opps.tenants (tenant),
  endpoint_id uuid        NOT NULL,
  message_id  uuid        NOT NULL,
  queued      bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  subject     uuid        NOT NULL,
  type        text        NOT NULL,
  position    bigint      NOT NULL,
  body        text        NOT NULL,  -- thin: ids and numbers
  tried       int         NOT NULL,
  tried_at    timestamptz,
  due_at      timestamptz NOT NULL,
  died_at     timestamptz,
  PRIMARY KEY (tenant, endpoint_id, message_id)
);
CREATE INDEX webhook_waiting_in_order ON opps.webhook_waiting (tenant, endpoint_id, subject, queued) WHERE died_at IS NULL;
CREATE INDEX webhook_waiting_dead ON opps.webhook_waiting (tenant, endpoint_id, died_at) WHERE died_at IS NOT NULL;

CREATE TABLE opps.webhook_attempts (
  tenant      uuid        NOT NULL REFERENCES opps.tenants (tenant),
  endpoint_id uuid        NOT NULL,
  attempt_id  uuid        NOT NULL,  -- in the order of time
  message_id  uuid        NOT NULL,
  subject     uuid        NOT NULL,
  type        text        NOT NULL,
  position    bigint      NOT NULL,
  number      int         NOT NULL,
  tried_at    timestamptz NOT NULL,
  status      int,
  ms          int         NOT NULL,
  why         text,
  detail      text        NOT NULL,
  PRIMARY KEY (tenant, endpoint_id, attempt_id)
);
CREATE INDEX webhook_attempts_by_message ON opps.webhook_attempts (tenant, endpoint_id, message_id, attempt_id);
CREATE INDEX webhook_attempts_by_age ON opps.webhook_attempts (tenant, tried_at);

DO $guards$
DECLARE
  guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['webhook_turns', 'webhook_lanes', 'webhook_standing', 'webhook_waiting', 'webhook_attempts'] LOOP
    EXECUTE format('ALTER TABLE opps.%I OWNER TO opps_owner', guarded);
    EXECUTE format('ALTER TABLE opps.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY own_tenant ON opps.%I TO opps_writer USING (tenant = opps.current_tenant()) WITH CHECK (tenant = opps.current_tenant())', guarded);
    EXECUTE format('CREATE POLICY reads_own_tenant ON opps.%I FOR SELECT TO opps_reader USING (tenant = opps.current_tenant())', guarded);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON opps.%I TO opps_writer', guarded);
    EXECUTE format('GRANT SELECT ON opps.%I TO opps_reader', guarded);
  END LOOP;
END $guards$;
