"""Checks on a registry record: each looks for one thing that a careful reviewer would send back or remark on."""
