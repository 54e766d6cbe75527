"""Readers of other formats than CSV and Parquet: each gives the same checked table."""
