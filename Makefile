# Each target sets up what it needs; the second time the set-up is a no-op.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: refresh test test-all bench evaluate calibrate train ui lint lock clean

refresh: $(READY)
	$(BIN)/entente refresh

# Two side by side, the tests of one file together: what a file shares is made once.
test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not long and not live"

test-all: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not live"

# spaCy is a yardstick only: what the lock pins stays as it is, and without spaCy its row says so.
bench: $(READY)
	@$(BIN)/python -c "import spacy" 2>/dev/null \
		|| { $(BIN)/python -m pip freeze --exclude-editable > .venv/pinned.txt \
		&& $(BIN)/python -m pip install --quiet --disable-pip-version-check -c .venv/pinned.txt spacy==3.8.18; } \
		|| echo "spaCy could not be installed; the benchmark goes on without it" >&2
	$(BIN)/python -m tests.bench.as_of
	$(BIN)/python -m tests.bench.rhetoric
	$(BIN)/python -m tests.bench.page

evaluate: $(READY)
	$(BIN)/python -m tests.evaluation

# How often the shipped tests err on series made to err on; one thread of linear algebra a process is faster here.
calibrate: $(READY)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.calibration

# Learns seeds/coefficients.csv anew from the labelled sentences and the texts at hand, and what the errors of the method then are.
train: $(READY)
	$(BIN)/python -m pipelines.training $(or $(ENTENTE_ARCHIVE),../shared)
	$(BIN)/python -m tests.evaluation.errors

ui: $(READY)
	$(BIN)/entente ui

lint: $(READY)
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

# Names, versions and hashes only: no index address may enter the lock.
lock:
	uv lock --quiet
	uv export --quiet --no-emit-project --no-header -o requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "entente needs Python 3.11, 3.12 or 3.13; this is %d.%d. Say make PYTHON=python3.12 …" % v)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m pip check --disable-pip-version-check
	@touch $(READY)

clean:
	rm -rf .venv
