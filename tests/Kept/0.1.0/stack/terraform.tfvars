restore_time = "2026-11-28T12:29:51.012450Z"
