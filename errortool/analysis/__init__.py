"""From ticks to numbers: pure functions, no input or output."""
