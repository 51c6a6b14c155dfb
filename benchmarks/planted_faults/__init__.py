"""Plants known faults into clean real files and counts what the rules find, miss and invent."""
