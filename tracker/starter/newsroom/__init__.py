"""The sample newsroom: invented outlets and articles, served on loopback with the mistakes of real ones."""
