"""Mention to entity, where the gazetteer left a name without one."""
