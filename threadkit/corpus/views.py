"""What a room draws of the hall's things, known here by name only: nothing in the hall imports a room."""

from __future__ import annotations

from threadkit.base.registry import Registry

# Each takes the Corpus, Analysis or Crux that it shows.
VIEWS = Registry(
    "view",
    {
        "plot": "threadkit.report.plot:Plots",
        "corpus": "threadkit.report.notebook:corpus_html",
        "analysis": "threadkit.report.notebook:analysis_html",
        "crux": "threadkit.report.notebook:crux_html",
    },
    group="threadkit.views",
)
