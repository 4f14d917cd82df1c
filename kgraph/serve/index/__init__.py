"""An index of a store in SQLite: what lists, counts by month, networks and full-text search are answered from.

It is made of the store's claims, kept in the folder `cache` beside them, and brought up to date when they change; it can
be thrown away at any time.
"""
