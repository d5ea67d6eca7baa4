"""The pages: server-rendered, read-only but for the staff's retry button, and bounded in queries."""
