# `make check` is exactly what CI runs.
.PHONY: check serve build

check:
	CI=true python3 run.py test

serve:
	python3 run.py

build:
	python3 tools/assets.py
