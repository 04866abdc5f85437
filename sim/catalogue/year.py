"""How long a year is, for everything that counts in weeks."""

DAYS = 365.2425
JULIAN = 365.25  # days by which a date is placed within its year, as outside series are by the year
WEEKS = 52.1775  # DAYS / 7
WEEK = 1.0 / WEEKS  # years


def whole_weeks(years: float) -> int:
    """Weeks of a run of so many years, one at least."""
    return max(1, int(years * DAYS / 7))
