"""What a user does: the command line, the pages and notebooks all call these."""
