"""An analysis as Markdown, HTML, plots: computes nothing."""
