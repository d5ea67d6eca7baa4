"""The starter pack (facts as data), its reading and loading, and the sample newsroom."""
