"""From a table, wherever it lies, to a checked dev set and a sample of it."""
