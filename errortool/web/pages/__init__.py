"""The pages: each reads, draws, wires."""
