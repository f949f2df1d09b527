create table orders (id int primary key, item text not null, note text);
