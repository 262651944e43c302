"""Snapshot -> answers. Classes, selectors, rows, all pairs and single questions; exact for every port."""
