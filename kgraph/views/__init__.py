"""Views of a store: networks of networkx, and tables for pandas and Arrow.

    entities  the actors, one edge per subject, relation and object      a network
    ego       what lies around one actor                                 a network
    articles  articles and the actors in them                            a network of two kinds of nodes
    signed    cooperation and conflict between each two actors           a network
    timeline  one row per claim, by day                                  a table
    monthly   one row per month, pair and relation                       a table

`only`, `top`, `collapse` and `undirected` make smaller and simpler networks of `entities`, `table` makes a table of the
answer to a query. `nodes` and `edges` make tables of any of the networks, `Table.to_networkx` makes a network of either
table; so each view is to be had in both forms. Every view takes the same selection (`Options`); nothing is kept of the
store beyond what it gives back, and the same store always gives the same view in the same order.

Days are days, not moments; `date` is the day that a claim is dated to, else the day its article appeared. Confidence is
the estimated probability, from 0 to 1, that a claim is read right. Values of Goldstein's scale go from -10 (attack) to 10;
relations that are states of affairs have none.
"""

from __future__ import annotations

from kgraph.graph.views import ActorGraph, PairGraph, collapse, only, top, undirected
from kgraph.views.frames import edges, monthly, nodes, table, timeline
from kgraph.views.networks import Options, articles, ego, entities, signed
from kgraph.views.table import Column, Kind, Table

__all__ = [
    "ActorGraph",
    "Column",
    "Kind",
    "Options",
    "PairGraph",
    "Table",
    "articles",
    "collapse",
    "edges",
    "ego",
    "entities",
    "monthly",
    "nodes",
    "only",
    "signed",
    "table",
    "timeline",
    "top",
    "undirected",
]
