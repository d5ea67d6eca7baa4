#!/usr/bin/env python3
"""Runs a management command; a setting that cannot be used ends in one plain sentence."""

import os
import sys


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings first

    from tracker.errors import SettingError  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except SettingError as error:
        sys.exit(f"Retort cannot start: {error}")


if __name__ == "__main__":
    main()
