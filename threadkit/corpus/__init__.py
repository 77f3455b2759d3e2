"""The hall: the tables, the corpus, the tree of replies, the analysis. Nothing here analyzes."""
