"""Quality, measured against known answers; one module is one kind, found by discovery."""
