"""Who objects to which words: segments, quotes, targets, stances."""
