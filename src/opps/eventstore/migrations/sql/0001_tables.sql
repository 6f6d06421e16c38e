CREATE SCHEMA opps_views AUTHORIZATION opps_projector;  -- read models: thrown away and rebuilt, never migrated

CREATE TABLE opps.tenants (
  tenant     uuid        NOT NULL PRIMARY KEY,
  slug       text        NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE opps.tenant_head (
  tenant      uuid        NOT NULL PRIMARY KEY REFERENCES opps.tenants (tenant),
  size        bigint      NOT NULL DEFAULT 0 CHECK (size >= 0),  -- position of the last event
  recorded_at timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00+00'
) WITH (fillfactor = 20);  -- every batch updates it: room for HOT

-- What a row of events must be: its header, version 1, says what the row says, and its leaf is the header's. The
-- previous leaf (bytes 50 to 81) and the commitments at the end are the verifier's. One function, because every
-- expression of a constraint is parsed again for each statement: this saves a third of the time of a small append.
CREATE FUNCTION opps.event_is_sound(
  tenant uuid, "position" bigint, stream uuid, version bigint, event_id uuid, command_id uuid, recorded_at timestamptz,
  schema smallint, tag text, header bytea, leaf bytea, metadata bytea, payload bytea)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN "position" >= 1 AND version >= 0 AND schema >= 1 AND octet_length(tag) BETWEEN 1 AND 200
    AND leaf = sha256('\x00'::bytea || header)
    AND substring(header FROM 1 FOR 49)
      = '\x01'::bytea || uuid_send(tenant) || int8send("position") || uuid_send(stream) || int8send(version)
    AND substring(header FROM 82 FOR 108 + octet_length(tag))
      = int8send((extract(epoch FROM recorded_at) * 1000000)::bigint) || uuid_send(command_id) || uuid_send(event_id)
        || sha256(payload) || sha256(metadata) || int2send(schema) || int2send(octet_length(tag)::smallint)
        || convert_to(tag, 'UTF8')
    AND octet_length(header) = 191 + octet_length(tag)
      + 32 * (256 * get_byte(header, 189 + octet_length(tag)) + get_byte(header, 190 + octet_length(tag)));
END $$;

CREATE TABLE opps.events (
  tenant      uuid        NOT NULL,
  position    bigint      NOT NULL,  -- from 1; leaf index = position - 1
  stream      uuid        NOT NULL,
  version     bigint      NOT NULL,  -- from 0
  event_id    uuid        NOT NULL,
  command_id  uuid        NOT NULL,
  recorded_at timestamptz NOT NULL,
  schema      smallint    NOT NULL,
  tag         text        NOT NULL,
  header      bytea       NOT NULL,
  leaf        bytea       NOT NULL,
  metadata    bytea       NOT NULL,
  payload     bytea       NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (tenant, position),
  CONSTRAINT events_stream UNIQUE (tenant, stream, version),
  CONSTRAINT events_sound CHECK (opps.event_is_sound(
    tenant, position, stream, version, event_id, command_id, recorded_at, schema, tag, header, leaf, metadata, payload))
);
ALTER TABLE opps.events ALTER header SET STORAGE PLAIN, ALTER leaf SET STORAGE PLAIN;

CREATE TABLE opps.commands (  -- one index only: no statistics can lead the planner astray
  tenant         uuid        NOT NULL,
  command_id     uuid        NOT NULL,
  digest         bytea,      -- of the request: the same id with another request is refused; NULL is never compared
  first_position bigint,     -- NULL where the command had no event
  count          integer     NOT NULL,
  recorded_at    timestamptz NOT NULL,
  result         bytea       NOT NULL,
  PRIMARY KEY (tenant, command_id),
  CONSTRAINT commands_place CHECK (
    count = 0 AND first_position IS NULL OR count >= 1 AND first_position IS NOT NULL AND first_position >= 1)
);

GRANT CREATE ON SCHEMA opps TO opps_owner;
ALTER TABLE opps.tenants OWNER TO opps_owner;
ALTER TABLE opps.tenant_head OWNER TO opps_owner;
ALTER TABLE opps.events OWNER TO opps_owner;
ALTER TABLE opps.commands OWNER TO opps_owner;
GRANT USAGE ON SCHEMA opps, opps_views TO opps_owner, opps_append, opps_writer, opps_projector, opps_reader;
