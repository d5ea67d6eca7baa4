"""Pure text: addresses, hashes, dates, cleaning and spans; no network, no database."""
