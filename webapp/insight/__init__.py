"""Answers that go one step further than a verdict: each file answers one question of its own, from the Analysis."""
