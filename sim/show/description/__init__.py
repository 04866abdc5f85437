"""The model described from its own code and catalogue, in the order of ODD; only `prose.md` is written by hand."""
