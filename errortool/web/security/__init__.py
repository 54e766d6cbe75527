"""Who may reach the app, as whom, and what browsers may do with its answers."""
