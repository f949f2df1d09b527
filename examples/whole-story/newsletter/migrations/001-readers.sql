create table readers (address text primary key);
