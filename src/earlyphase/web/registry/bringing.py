"""Brings the records of the site's studies into the registry's tables, so that a search finds them."""

import datetime as dt

from earlyphase.store.rates import measure_rates
from earlyphase.store.records_import import import_records
from earlyphase.store.records_source import Given
from earlyphase.web.registry.records import files_brought


def bring_records(address: str, moment: dt.datetime) -> int:
    """Import the record of every study of the site; what is there already is left as it is.

    Args:
        address: the database, its schema up to date.
        moment: the moment of the import.

    Returns:
        How many records or versions are new.
    """
    given = [Given(str(path), path.read_bytes()) for _, path, _ in files_brought()]
    tally = import_records(address, given, moment)
    if tally.new or tally.changed:
        measure_rates(address, moment.date())
    return tally.new + tally.changed
