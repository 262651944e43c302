"""One file a form in which findings are told: `NAME`, and `text_of(analysis, report)`."""
