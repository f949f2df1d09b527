# Beside main.tf of ../instance-with-databases, after rows were deleted by mistake: the server restored to an earlier instant.
variable "restore_time" {
  type = string
}

resource "pgfleet_restored_instance" "undone" {
  name            = "undone"
  source_instance = pgfleet_database_instance.main.id
  restore_time    = var.restore_time
  password        = var.password
}

output "undone_port" {
  value = pgfleet_restored_instance.undone.port
}

output "undone_uri" {
  value     = pgfleet_restored_instance.undone.connection_uri
  sensitive = true
}

output "restored_to" {
  value = pgfleet_restored_instance.undone.restored_to
}
