"""The ground: errors, plug-in registry, text, alignment, weights, threads, progress. Imports no room."""
