"""What people decide, as functions that pages, desks and commands call; each is one transaction."""
