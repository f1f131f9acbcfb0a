"""The full set of tables and figures of a study."""

from earlyphase.reports.study_report import Results, study_report
from earlyphase.reports.values import Report


def study_tables(found: Results) -> Report:
    """Put every table and figure of a study together: those of its report, and the further ones."""
    return study_report(found)
