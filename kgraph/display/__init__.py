"""How records, stores, results and networks show themselves in notebooks: HTML in which every text is only text."""
