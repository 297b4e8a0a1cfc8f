"""The site: the API, the pages, and the maps on them."""
