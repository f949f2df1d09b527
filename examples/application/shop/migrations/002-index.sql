create index on orders (placed);
