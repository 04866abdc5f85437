"""Pictures by theme.

In every one `usual` is the arm that is business as usual, `source` the line at the foot, `metrics` what is drawn from top to bottom.
"""
