resource "pgfleet_restored_instance" "redone" {
  name            = "redone"
  source_instance = pgfleet_database_instance.aside.id
  restore_time    = var.restore_time
  password        = var.password
  parameters      = { min_wal_size = "32MB" }
  backup          = { retention = "36500d", archive_timeout = "30m" }
}
