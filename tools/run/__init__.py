"""What ``./run`` does once the environment is there."""
