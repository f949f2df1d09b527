create table if not exists notes (text text);
insert into notes select 'made by a migration' where not exists (select from notes);
