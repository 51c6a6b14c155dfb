"""The pages; they run in the environment of ``environment.py``, not in the product's."""
