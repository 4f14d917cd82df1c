# Recipes for people who work on kgraph; `just --list` shows them.

python := env_var_or_default("PYTHON", ".venv/bin/python")

# a virtual environment with all that development needs
setup:
    python3 -m venv .venv
    .venv/bin/pip install --quiet --upgrade pip
    .venv/bin/pip install --editable '.[dev]'
    .venv/bin/pre-commit install

# format and lint
lint:
    {{python}} -m ruff format .
    {{python}} -m ruff check --fix .

# static types
types:
    {{python}} -m mypy

# the tests, or some of them: just test tests/read
test *args:
    {{python}} -m pytest {{args}}

# all that the continuous integration does
ci:
    .ci/run

# the ontology as a page: build/ontology.html
docs:
    {{python}} docs/ontology.py build/ontology.html

# score against annotated articles: just score gold/dev.gold.jsonl
score gold:
    {{python}} -m kgraph evaluate {{gold}} --errors 20

# look for inputs that break a reader, for so many seconds of processor time: just fuzz html 600
fuzz reader seconds='60' folder='':
    {{python}} tests/fuzz/fuzz.py {{reader}} {{seconds}} {{folder}}

# throughput of `kgraph add` beside parsing alone
bench-read *args:
    {{python}} -m benchmarks.read {{args}}

# a long run: 2,000 articles, memory watched, interrupted and gone on with
soak *args:
    {{python}} -m benchmarks.soak {{args}}

# the same 500 articles by one process and on a small cluster of Spark: the claims must be the same
bench-spark *args:
    {{python}} -m benchmarks.spark {{args}}

# the page's times in the browser, beside plain pyvis
bench-page *args:
    {{python}} -m benchmarks.page {{args}}

# pictures of the page made from the example articles, wide and narrow, light and dark
screenshots out='screenshots':
    {{python}} -m benchmarks.screenshots {{out}}

# the store on a server, against Debian's Virtuoso (apt-get install virtuoso-opensource-7-bin), started for the purpose
test-virtuoso *args:
    PYTHON={{python}} tests/graph/virtuoso.sh {{args}}

# the SPARQL 1.1 test suite of the W3C, whose files are at KGRAPH_W3C, against a running 'kgraph serve'
w3c *args:
    {{python}} tests/serve/w3c.py {{args}}

# how fast the store is, as ratios in one run: just bench-store --rdflib
bench-store *args:
    {{python}} -m benchmarks.store {{args}}
