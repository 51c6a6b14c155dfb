"""Programs that the fixtures start beside the tests."""
