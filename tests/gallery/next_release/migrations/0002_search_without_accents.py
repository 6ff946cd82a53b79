from importlib import import_module

Migration = import_module("gallery.migrations.0002_search_without_accents").Migration
