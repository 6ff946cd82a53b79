"""A release that comes after this one, for tests of its migrations: one makes a table anew that has rows."""
