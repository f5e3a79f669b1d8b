"""Many cases at once: the same programs over tables of facts, in partitions."""
