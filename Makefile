# The two commands a newcomer needs: `make run` and `make test`. Both make .venv first, if it is not there.
PYTHON ?= python3
BIN := .venv/bin

.venv/.done: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("rnn-tutor needs Python 3.11 or newer: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch .venv/.done

.PHONY: run test test-long test-lowest test-newest-textual test-torch test-jax test-notebooks test-browser check keys styles bench bench-smoke release clean
run: .venv/.done
	@$(BIN)/rnn-tutor

# A test that presses keys waits about a third of its time, one on a terminal two thirds: so there are more workers than
# processors.
PROCESSORS := $(shell $(PYTHON) -c 'import os; print(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())')
WORKERS := $(shell echo $$(( $(PROCESSORS) + ($(PROCESSORS) + 1) / 2 )))
WORKERS_ON_TERMINALS := $(shell echo $$(( 2 * $(PROCESSORS) )))

# Tests that drive the program on a real terminal wait for a screen or for an end: they run apart from the others, and
# up to two that missed a deadline on a busy machine are tried again, alone, and named. What fails then has failed.
# (--cache-clear: what failed in an earlier run is not tried again.)
# (Modules are compiled once, wherever Python is told otherwise: each of some hundred processes would compile them anew.)
PYTEST = LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest
SAMPLE = -m "not long and not rest and not notebooks"
ON_TERMINALS = tests/terminal tests/ssh tests/foreign

test: .venv/.done
	$(PYTEST) -n $(WORKERS) --dist loadgroup $(SAMPLE) $(ON_TERMINALS:%=--ignore=%)
	$(PYTEST) -n $(WORKERS_ON_TERMINALS) --dist loadgroup --cache-clear $(SAMPLE) $(ON_TERMINALS) \
		|| LC_ALL=C.UTF-8 $(BIN)/python tests/again.py $(ON_TERMINALS)

# What takes longer: storms of signals and keys, servers, the whole course over seeds, every size of every screen, and
# properties tried on many examples. Twenty minutes at the most.
test-long: .venv/.done
	$(PYTEST) -n $(WORKERS) --dist loadgroup -m "long or rest"
	$(PYTEST) -n $(WORKERS) --dist loadgroup -m hypothesis --hypothesis-profile=long

check: .venv/.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/rnn-tutor check

# The style rules that are kept parsed, after a change of a style sheet or of Textual.
styles: .venv/.done
	$(BIN)/python packaging/make_styles.py

# The README's table of keys, from the bindings.
keys: .venv/.done
	$(BIN)/python tests/tui/readme_keys.py

bench: .venv/.done
	$(BIN)/python benchmarks/run.py

# Each benchmark once, in its shortest form: that it runs, not what it measures.
bench-smoke: .venv/.done
	$(BIN)/python benchmarks/marking.py --quick
	$(BIN)/python benchmarks/cells.py --rounds 1
	$(BIN)/python benchmarks/language.py --rounds 1
	$(BIN)/python benchmarks/training.py --quick
	$(BIN)/python benchmarks/imports.py --quick
	$(BIN)/python benchmarks/pictures.py
	$(BIN)/python benchmarks/attempts.py --counts 50 500 --rounds 3
	$(BIN)/python benchmarks/class_server.py --quick
	$(BIN)/python benchmarks/collecting.py --quick
	$(BIN)/python benchmarks/run.py --quick --json build/bench-smoke.json

# The lowest versions that pyproject.toml states are the lowest ones tried: just these, and the tests of all that
# draws nothing on a screen.
LOWEST = .venv-lowest
$(LOWEST)/.done: pyproject.toml .ci/lowest.py
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet $$($(PYTHON) .ci/lowest.py) \
		"pytest>=8" "pytest-asyncio>=1" "pytest-xdist>=3.6" "hypothesis>=6.100"
	$(LOWEST)/bin/python -m pip install --quiet --no-deps --editable .
	touch $(LOWEST)/.done

test-lowest: $(LOWEST)/.done
	LC_ALL=C.UTF-8 $(LOWEST)/bin/python -m pytest -n auto -p no:cacheprovider tests/engine tests/exercises tests/progress

# The notebooks that `rnn-tutor export` writes, in a kernel: of the whole course, solutions in them. And assignments that
# nbgrader releases and grades. What that needs is no dependency of the project; it goes into a folder of its own.
NOTEBOOKS = .venv-notebooks
$(NOTEBOOKS)/.done: pyproject.toml
	$(PYTHON) -m venv $(NOTEBOOKS)
	$(NOTEBOOKS)/bin/python -m pip install --quiet --editable ".[notebooks]" nbgrader matplotlib \
		"pytest>=8" "pytest-asyncio>=1" "pytest-xdist>=3.6" "hypothesis>=6.100"
	touch $(NOTEBOOKS)/.done

test-notebooks: $(NOTEBOOKS)/.done
	LC_ALL=C.UTF-8 $(NOTEBOOKS)/bin/python -m pytest -n $(PROCESSORS) -p no:cacheprovider -m notebooks tests/notebooks

# The newest Textual, whatever pyproject.toml allows: what of its private parts has gone, mypy and these tests tell.
# (Its frames may well look otherwise: snapshots are for the version that is pinned.)
NEWEST = .venv-newest
test-newest-textual:
	$(PYTHON) -m venv --clear $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(NEWEST)/bin/python -m pip install --quiet --editable . --group dev
	$(NEWEST)/bin/python -m pip install --quiet --upgrade textual
	$(NEWEST)/bin/python -m pip show textual | grep Version
	$(NEWEST)/bin/mypy
	LC_ALL=C.UTF-8 $(NEWEST)/bin/python -m pytest -n auto --dist loadgroup -p no:cacheprovider \
		tests/tui tests/terminal --ignore=tests/tui/test_snapshots.py

# The scripts that `rnn-tutor code` writes, run in PyTorch and in JAX: of the whole course with the original numbers and
# two seeds, of its labs, of the exercises of the tests, and of each function alone. Neither library is among the
# project's dependencies. TORCH_PYTHON=... names an interpreter that has PyTorch (and NumPy); else the one of .venv is
# taken if it has it; else TORCH is installed into a folder of its own. On Linux only builds for the CPU have +cpu in
# their version, so nothing with CUDA is ever fetched: pip finds one where it is told of an index that has it
# (PIP_EXTRA_INDEX_URL, or --find-links in PIP_FIND_LINKS). JAX_PYTHON and JAX are the same; pip's own JAX has no CUDA.
TORCH ?= torch==2.13.0$(if $(filter Linux,$(shell uname -s)),+cpu)
JAX ?= jax
TORCH_PYTHON ?=
JAX_PYTHON ?=
scripts-python = $(or $(2),$(shell $(BIN)/python -c 'import $(1)' 2>/dev/null && echo $(BIN)/python),.venv-$(1)/bin/python)

.venv-torch/bin/python .venv-jax/bin/python:
	$(PYTHON) -m venv $(@D:/bin=)
	$@ -m pip install --quiet numpy "$(if $(findstring torch,$@),$(TORCH),$(JAX))" || { rm -rf $(@D:/bin=); exit 1; }

build/scripts/%: .venv/.done FORCE
	$(BIN)/python tests/scripts/collection.py $* $@
FORCE:

test-torch: build/scripts/torch
	@$(if $(filter .venv-torch%,$(call scripts-python,torch,$(TORCH_PYTHON))),$(MAKE) .venv-torch/bin/python)
	$(call scripts-python,torch,$(TORCH_PYTHON)) -W ignore tests/scripts/run.py $<

test-jax: build/scripts/jax
	@$(if $(filter .venv-jax%,$(call scripts-python,jax,$(JAX_PYTHON))),$(MAKE) .venv-jax/bin/python)
	$(call scripts-python,jax,$(JAX_PYTHON)) -W ignore tests/scripts/run.py $<

# The tutor in a browser (tests/browser), in an environment of its own. Chromium is the system's.
.venv-browser/.done: pyproject.toml
	$(PYTHON) -m venv .venv-browser
	.venv-browser/bin/python -m pip install --quiet --editable ".[serve]" \
		"pytest>=8" "pytest-asyncio>=1" "pytest-xdist>=3.6" "hypothesis>=6.100" "pyte>=0.8.2" playwright
	touch $@

test-browser: .venv-browser/.done
	LC_ALL=C.UTF-8 .venv-browser/bin/python -m pytest -p no:cacheprovider -s tests/browser

# What is published: built, checked, and tested with each Python that pyproject.toml names. See docs/releasing.md.
PYTHONS ?=
release:
	$(PYTHON) packaging/release.py $(PYTHONS:%=--python %)

clean:
	rm -rf .venv .venv-browser $(LOWEST) $(NEWEST) $(NOTEBOOKS) .venv-torch .venv-jax dist build
