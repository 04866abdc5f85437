"""A country in one HTML file: the model as WebAssembly, every world's first day, and a page that moves its levers.

`app/` holds the page's own code; `python -m sim.page` bundles it with the libraries that `app/package.json` pins. The bundle is named by
the digest of what it was made from.
"""
