"""A report and its table as what people take away: sentences, plots, HTML, CSV."""
