"""Reports: what was found, in words and in formats, one file per output format."""
