"""The report pages and their files."""
