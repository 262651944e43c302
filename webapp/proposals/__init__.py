"""Changes to policies, as text, each tried on the engine before anybody sees it."""
