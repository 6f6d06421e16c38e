#!/usr/bin/env bash
# Run once by the image of PostgreSQL, in a new database: one login that migrates, and one that serves and projects,
# which is a plain member of three roles. opps refuses to serve as a superuser.
set -euo pipefail
secrets=${OPPS_SECRETS:-/run/secrets}

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set migrator="$(cat "$secrets/migrator-password")" \
    --set server="$(cat "$secrets/server-password")" <<'SQL'
CREATE ROLE opps_migrator LOGIN CREATEROLE PASSWORD :'migrator';
CREATE ROLE opps_server LOGIN PASSWORD :'server';
ALTER DATABASE :"DBNAME" OWNER TO opps_migrator;
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO opps_server;
CREATE ROLE opps_writer NOLOGIN;
CREATE ROLE opps_projector NOLOGIN;
CREATE ROLE opps_reader NOLOGIN;
GRANT opps_writer, opps_projector, opps_reader TO opps_migrator WITH ADMIN OPTION;
GRANT opps_writer, opps_projector, opps_reader TO opps_server;
SQL
