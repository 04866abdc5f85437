"""`python -m sim.page`: bundle the pages' code and libraries, once after every edit of `app/`."""

import sys

from sim.page import bundle

if __name__ == "__main__":
    try:
        text = bundle.make()
    except bundle.BundleError as error:
        sys.exit(str(error))
    for old in bundle.APP.parent.glob("*.js"):
        old.unlink()
    bundle.path().write_text(text, encoding="utf-8")
    print(f"{bundle.path().name}: {len(text) // 1024} KiB")
