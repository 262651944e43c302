"""The nouns: frozen values that know nothing of YAML, files or people. Standard library only."""
