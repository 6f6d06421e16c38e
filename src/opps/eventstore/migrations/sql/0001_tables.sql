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

CREATE TABLE opps.events (
  tenant      uuid        NOT NULL,
  position    bigint      NOT NULL CHECK (position >= 1),  -- leaf index = position - 1
  stream      uuid        NOT NULL,
  version     bigint      NOT NULL CHECK (version >= 0),
  event_id    uuid        NOT NULL,
  command_id  uuid        NOT NULL,
  recorded_at timestamptz NOT NULL,
  schema      smallint    NOT NULL CHECK (schema >= 1),
  tag         text        NOT NULL CHECK (octet_length(tag) BETWEEN 1 AND 200),
  header      bytea       NOT NULL,
  leaf        bytea       NOT NULL,
  metadata    bytea       NOT NULL,
  payload     bytea       NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (tenant, position),
  CONSTRAINT events_stream UNIQUE (tenant, stream, version),
  CONSTRAINT events_leaf CHECK (leaf = sha256('\x00'::bytea || header)),
  -- Header version 1. The previous leaf (bytes 50 to 81) and the commitments are the verifier's.
  CONSTRAINT events_header_place CHECK (
    substring(header FROM 1 FOR 49)
      = '\x01'::bytea || uuid_send(tenant) || int8send(position) || uuid_send(stream) || int8send(version)),
  CONSTRAINT events_header_time CHECK (
    substring(header FROM 82 FOR 8) = int8send((extract(epoch FROM recorded_at) * 1000000)::bigint)),
  CONSTRAINT events_header_content CHECK (
    substring(header FROM 90 FOR 100 + octet_length(tag))
      = uuid_send(command_id) || uuid_send(event_id) || sha256(payload) || sha256(metadata)
        || int2send(schema) || int2send(octet_length(tag)::smallint) || convert_to(tag, 'UTF8')),
  CONSTRAINT events_header_length CHECK (
    octet_length(header) = 191 + octet_length(tag)
      + 32 * (256 * get_byte(header, 189 + octet_length(tag)) + get_byte(header, 190 + octet_length(tag))))
);
ALTER TABLE opps.events ALTER header SET STORAGE PLAIN, ALTER leaf SET STORAGE PLAIN;

CREATE TABLE opps.commands (  -- one index only: no statistics can lead the planner astray
  tenant         uuid        NOT NULL,
  command_id     uuid        NOT NULL,
  digest         bytea,      -- of the request: the same id with another request is refused; NULL is never compared
  first_position bigint      CHECK (first_position >= 1),
  count          integer     NOT NULL CHECK (count >= 0),
  recorded_at    timestamptz NOT NULL,
  result         bytea       NOT NULL,
  PRIMARY KEY (tenant, command_id),
  CONSTRAINT commands_place CHECK ((count = 0) = (first_position IS NULL))
);

GRANT CREATE ON SCHEMA opps TO opps_owner;
ALTER TABLE opps.tenants OWNER TO opps_owner;
ALTER TABLE opps.tenant_head OWNER TO opps_owner;
ALTER TABLE opps.events OWNER TO opps_owner;
ALTER TABLE opps.commands OWNER TO opps_owner;
GRANT USAGE ON SCHEMA opps, opps_views TO opps_owner, opps_append, opps_writer, opps_projector, opps_reader;
