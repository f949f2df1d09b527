# A database on a server that somebody else runs, such as a hosted one. The password comes from TF_VAR_admin_password, and is in no plan and no state.
terraform {
  required_providers {
    pgfleet = {
      source = "pgfleet/pgfleet"
    }
  }
}

variable "host" {
  type = string
}

variable "port" {
  type    = number
  default = 5432
}

variable "admin_username" {
  type    = string
  default = "postgres"
}

variable "admin_password" {
  type      = string
  ephemeral = true
}

# The file of the authorities' PEM certificates, as whoever runs the server publishes it.
variable "ca_file" {
  type = string
}

resource "pgfleet_linked_instance" "hosted" {
  name                      = "hosted"
  host                      = var.host
  port                      = var.port
  admin_username            = var.admin_username
  admin_password_wo         = var.admin_password
  admin_password_wo_version = 1 # raise it with every new password
  ca_certificate            = file(var.ca_file)
}

resource "pgfleet_database" "orders" {
  instance = pgfleet_linked_instance.hosted.id
  name     = "orders"
  settings = {
    timezone = "Europe/Helsinki"
  }
}

output "status" {
  value = pgfleet_linked_instance.hosted.status
}

output "orders_uri" {
  value     = pgfleet_database.orders.connection_uri
  sensitive = true
}
