from importlib import import_module

Migration = import_module("gallery.migrations.0001_initial").Migration
