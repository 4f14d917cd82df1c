"""The graph over HTTP: a SPARQL endpoint and pages, read-only unless asked otherwise.

`kgraph.serve.app.build` makes the application, `kgraph.serve.server.run` serves it.
"""
