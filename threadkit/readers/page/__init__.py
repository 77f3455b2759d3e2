"""What the page-text reader knows: printed lines, score headers, the layout of a page, where comments begin."""
