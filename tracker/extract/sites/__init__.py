"""Rules for the pages of one site, one file each; `rule.py` says what a rule is."""
