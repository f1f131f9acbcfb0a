"""Every page is among the pictures, or it is said why not."""

import importlib.util

from tests.checkout import ROOT


def the_tool():
    spec = importlib.util.spec_from_file_location("screenshots", ROOT / "tools" / "screenshots.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def test_no_page_is_forgotten(django):
    tool = the_tool()
    assert {*tool.SHOTS, *tool.NOT_SHOWN} == set(tool.names_of_addresses())
    assert not {*tool.SHOTS} & {*tool.NOT_SHOWN}
