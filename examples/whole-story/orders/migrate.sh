# Applies every file of migrations/ that this database has not had yet, each with its entry in the ledger or not at all.
set -eu
psql -qX -v ON_ERROR_STOP=1 -c 'set client_min_messages = warning; create table if not exists migrations (name text primary key, applied timestamptz default now())'
for file in migrations/*.sql; do
    [ "$(psql -qXtAc "select exists (select from migrations where name = '$file')")" = t ] ||
        psql -qX -v ON_ERROR_STOP=1 --single-transaction -f "$file" -c "insert into migrations (name) values ('$file')"
done
