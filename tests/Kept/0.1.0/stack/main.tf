# Every kind of resource, as eng/keep-release has a release make it.
terraform {
  required_providers {
    pgfleet = { source = "registry.terraform.io/pgfleet/pgfleet" }
  }
}

variable "password" {
  sensitive = true
}

variable "restore_time" {
  default = "latest"
}

resource "pgfleet_database_instance" "aside" {
  name                = "aside"
  username            = "shopkeeper"
  password            = var.password
  deletion_protection = false
  parameters          = { min_wal_size = "32MB" }
  # What is kept is to be restored from for as long as there is this repository.
  backup = { retention = "36500d", archive_timeout = "30m", directory = "/tmp/pgf-7XZVj2pQ/archives" }
}

resource "pgfleet_database" "stock" {
  instance            = pgfleet_database_instance.aside.id
  name                = "stock"
  instance_connection = pgfleet_database_instance.aside.connection_uri
  extensions          = { pgcrypto = {} }
  settings            = { timezone = "Europe/Helsinki" }
}

resource "pgfleet_application" "stock_app" {
  name                = "stock-app"
  directory           = "stock-app"
  instance            = pgfleet_database_instance.aside.id
  instance_connection = pgfleet_database_instance.aside.connection_uri
}

resource "pgfleet_linked_instance" "borrowed" {
  name           = "borrowed"
  host           = pgfleet_database_instance.aside.host
  port           = pgfleet_database_instance.aside.port
  admin_username = "shopkeeper"
  admin_password = var.password
  ca_certificate = pgfleet_database_instance.aside.ca_certificate
}

resource "pgfleet_database" "lent" {
  instance            = pgfleet_linked_instance.borrowed.id
  name                = "lent"
  instance_connection = pgfleet_linked_instance.borrowed.connection_uri
  settings            = { work_mem = "16MB" }
}
