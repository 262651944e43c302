"""The pages: one page, one file; each has a `blueprint`."""
