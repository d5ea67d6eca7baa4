"""The only code that opens connections: a door for feeds, pages and robots.txt, and the archive."""
