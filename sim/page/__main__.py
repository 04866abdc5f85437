"""`python -m sim.page`: bundle the pages' code and libraries, once after every edit of `app/`."""

import sys

from sim.page import bundle

if __name__ == "__main__":
    try:
        made = bundle.make()
    except bundle.BundleError as error:
        sys.exit(str(error))
    for entry, text in made.items():
        for old in bundle.APP.parent.glob(bundle.NAME.format(page=bundle.ENTRIES[entry], digest="*")):
            old.unlink()
        bundle.path(entry).write_text(text, encoding="utf-8")
        print(f"{bundle.path(entry).name}: {len(text) // 1024} KiB")
