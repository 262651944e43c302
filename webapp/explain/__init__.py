"""Trace -> sentences. The only English about verdicts; page, command line, JSON and Markdown print the same."""
