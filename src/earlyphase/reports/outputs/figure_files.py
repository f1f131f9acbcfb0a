"""A figure as a picture, and as a page on which each mark says what it stands for."""

import base64
import functools
import html
from typing import Any

import orjson

from earlyphase.reports.outlines import FAMILY, font_folder
from earlyphase.reports.values import Figure, Stamp

_SHARP = 2.0
"""A pixel of the drawing is this many of the picture: 192 to the inch."""


def on_white(svg: str) -> str:
    """Lay white under a drawing, for where nobody knows what it will lie on."""
    return svg.replace("</desc>", '</desc><rect width="100%" height="100%" fill="white"/>', 1)


def figure_png(svg: str) -> bytes:
    """Paint a drawing as PNG."""
    import vl_convert  # noqa: PLC0415 - starts an engine: only who draws waits for it

    return vl_convert.svg_to_png(svg, scale=_SHARP)


def interactive(figure: Figure, stamp: Stamp) -> str:
    """Write a figure as a page that answers the pointer. Everything is inside it: nothing is fetched."""
    config: dict[str, Any] = {**figure.spec.get("config", {}), "mark": {"tooltip": {"content": "data"}}}
    spec = orjson.dumps({**figure.spec, "config": config}).decode().replace("</", "<\\/")
    label = f"<p><b>{stamp.label.value}</b> {stamp.label.says}</p>" if stamp.label else ""
    return _PAGE.format(
        title=html.escape(figure.title),
        label=label,
        caption=html.escape(figure.caption),
        alt=html.escape(figure.alt),
        foot=html.escape(f"{stamp.study} · cut-off {stamp.cutoff} · journal head {stamp.head}"),
        font=_font(),
        family=FAMILY,
        engine=_engine(),
        spec=spec,
    )


@functools.cache
def _engine() -> str:
    import vl_convert  # noqa: PLC0415 - as above

    engine: Any = vl_convert
    return engine.javascript_bundle()


@functools.cache
def _font() -> str:
    return base64.b64encode((font_folder() / "EarlyphaseSans-Regular.woff2").read_bytes()).decode()


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
@font-face{{font-family:"{family}";src:url(data:font/woff2;base64,{font}) format("woff2")}}
body{{font:16px/1.5 "{family}",system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem}}
body{{color:#16202c;background:#fff}}
h1{{font-size:1.25rem}} #figure{{overflow-x:auto}} small{{color:#56616e}}
</style>
<script>{engine}</script>
</head>
<body>
{label}
<h1>{title}</h1>
<div id="figure" role="img" aria-label="{alt}"></div>
<p>{caption}</p>
<p><small>{foot}</small></p>
<script>
document.fonts.load('11px "{family}"').finally(function () {{
  vegaEmbed("#figure", {spec}, {{renderer: "svg", actions: false}});
}});
</script>
</body>
</html>
"""
