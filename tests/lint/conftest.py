"""The examples here are read by the tests beside them, and are no plugins to be collected."""

collect_ignore_glob = ["*/fails/*", "*/passes/*"]
