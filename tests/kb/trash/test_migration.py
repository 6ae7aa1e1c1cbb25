"""The tables of the trash come and go."""

from importlib import import_module


def test_the_migration_can_be_undone():
    operations = import_module("kb.migrations.0012_trash").Migration.operations
    assert {operation.name for operation in operations if hasattr(operation, "bases")} == {
        "Archived",
        "Deletion",
        "ReviewDate",
        "Trashed",
    }
    assert all(operation.reversible for operation in operations)
