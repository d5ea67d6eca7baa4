"""Official documents read as data, one file for each kind; `document.py` says what a reader of one is."""
