#!/usr/bin/env bash
# Makes the secrets of compose.yaml, each in a file of its own, in the folder secrets beside it or in the folder that is
# named. One that is there stays as it is.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"

umask 077
mkdir -p secrets

password() {
    [[ -e secrets/$1-password ]] || python3 -c 'import secrets; print(secrets.token_urlsafe(32), end="")' \
        >"secrets/$1-password"
}

url() {
    [[ -e secrets/$1-url ]] || printf 'postgresql://opps_%s:%s@postgres:5432/opps' \
        "$1" "$(cat "secrets/$1-password")" >"secrets/$1-url"
}

password postgres
for login in migrator server; do
    password "$login"
    url "$login"
done
# Compose hands files to containers with the owner and mode that they have here.
chmod 0444 secrets/*
chmod 0700 secrets
echo "The secrets are in $PWD/secrets, which only you may enter."
