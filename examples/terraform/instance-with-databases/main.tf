# One server of your own with two databases. The password comes from TF_VAR_password.
terraform {
  required_providers {
    pgfleet = {
      source = "pgfleet/pgfleet"
    }
  }
}

variable "password" {
  type      = string
  sensitive = true
}

resource "pgfleet_database_instance" "main" {
  name     = "main"
  username = "shopkeeper"
  password = var.password
  parameters = {
    work_mem = "8MB"
  }
  backup = {
    retention = "48h"
  }
}

resource "pgfleet_database" "orders" {
  instance            = pgfleet_database_instance.main.id
  name                = "orders"
  instance_connection = pgfleet_database_instance.main.connection_uri
  settings = {
    timezone = "Europe/Helsinki"
  }
}

resource "pgfleet_database" "stock" {
  instance         = pgfleet_database_instance.main.id
  name             = "stock"
  connection_limit = 20
  extensions = {
    pgcrypto = {}
  }
}

output "status" {
  value = pgfleet_database_instance.main.status
}

output "port" {
  value = pgfleet_database_instance.main.port
}

output "orders_uri" {
  value     = pgfleet_database.orders.connection_uri
  sensitive = true
}
