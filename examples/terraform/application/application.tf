# Beside main.tf of ../instance-with-databases: an application with migrations in plain SQL, from the folder shop of ../../application.
resource "pgfleet_application" "shop" {
  name                = "shop"
  directory           = "shop" # as seen from where terraform runs
  instance            = pgfleet_database_instance.main.id
  instance_connection = pgfleet_database_instance.main.connection_uri
}

output "shop_uri" {
  value     = pgfleet_application.shop.connection_uri
  sensitive = true
}

output "shop_version" {
  value = pgfleet_application.shop.version
}
