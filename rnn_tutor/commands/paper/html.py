"""A document as HTML: one file, no script, nothing loaded from anywhere, fit for A4."""

from collections.abc import Iterator

from rnn_tutor.figures import arrays
from rnn_tutor.figures.svg import heatmaps
from rnn_tutor.figures.svg.sketch import escaped

from .document import Answer, Block, Choices, Code, Document, Drawn, Given, Givens, Heading, Prose, Room, Section, Step
from .prose import Paragraph, paragraphs

_WIDTH = 640.0  # of figures, in pixels

_STYLE = """\
@page { size: A4; margin: 17mm 18mm 19mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #555; } }
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { font: 11pt/1.42 Charter, "Bitstream Charter", Georgia, "DejaVu Serif", serif; color: #111; background: #fff;
  max-width: 46rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .15rem; }
h2 { font-size: 1.12rem; margin: 1.6rem 0 .35rem; border-top: 1px solid #999; padding-top: .6rem; }
h3 { font-size: 1rem; margin: 1.1rem 0 .3rem; }
h2 .aside, .subtitle, .quiet { color: #555; font-weight: normal; font-size: .88rem; }
h2 .aside { float: right; }
p { margin: .35rem 0; }
code, pre, td.n { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .88em; }
code { overflow-wrap: anywhere; }
pre { margin: .35rem 0 .35rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.35; }
pre.boxed { border: 1px solid #999; margin-left: 0; padding: .4rem .6rem .1rem; }
ul { margin: .35rem 0; padding-left: 1.3rem; }
table { border-collapse: collapse; }
table.given { margin: .5rem 0; }
table.given > tbody > tr > td { padding: .12rem .9rem .12rem 0; vertical-align: top; }
table.given .shape, table.given .name { white-space: nowrap; }
table.given .shape { color: #555; }
table.matrix { position: relative; margin: .1rem .3rem .3rem; }
table.matrix::before, table.matrix::after { content: ""; position: absolute; top: 0; bottom: 0; width: .35rem;
  border: 1.3px solid #111; }
table.matrix::before { left: -.2rem; border-right: 0; }
table.matrix::after { right: -.2rem; border-left: 0; }
table.matrix td { padding: 0 .38rem; text-align: right; font-variant-numeric: tabular-nums; }
.caption { color: #555; font-size: .85rem; }
figure { margin: .6rem 0; break-inside: avoid; }
svg { max-width: 100%; height: auto; }
.step { margin: .75rem 0; }
.step .symbols { font-weight: bold; }
.step .result code { font-weight: bold; }
.step .shape { color: #555; }
ol.options { list-style: none; padding: 0; margin: .35rem 0; }
ol.options li { padding-left: 1.9rem; text-indent: -1.9rem; margin: .2rem 0; break-inside: avoid; }
.box { display: inline-block; width: .85em; height: .85em; border: 1.3px solid #111; margin: 0 .7rem -.06em .2rem;
  text-indent: 0; text-align: center; line-height: .8em; font-weight: bold; }
.box.round { border-radius: 50%; }
.why { color: #333; display: block; text-indent: 0; font-size: .93em; }
.fields { display: flex; gap: 2rem; margin: .8rem 0 .2rem; }
.fields span { flex: 1; border-bottom: 1px solid #111; padding-bottom: .15rem; }
.fields span + span { flex: 0 0 11rem; }
.room { break-inside: avoid; }
.room .end { display: flex; align-items: baseline; gap: .5rem; }
.room .line { flex: 1; border-bottom: 1px solid #111; height: 1.3rem; }
.ruled { height: 1.75rem; border-bottom: 1px solid #bbb; }
.answer { margin: .2rem 0; }
section { break-inside: avoid-page; }
footer { margin-top: 2rem; border-top: 1px solid #999; padding-top: .3rem; color: #555; font-size: .78rem; }
@media print { body { margin: 0; padding: 0; max-width: none; } h2, h3 { break-after: avoid; } }
"""


def html(document: Document) -> str:
    """Return a document as the text of an HTML file."""
    title = escaped(document.title)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>\n{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{title}</h1>",
    ]
    if document.subtitle:
        lines.append(f'<p class="subtitle">{escaped(document.subtitle)}</p>')
    if document.fields:
        lines.append(
            f'<div class="fields">{"".join(f"<span>{escaped(name)}</span>" for name in document.fields)}</div>'
        )
    for section in document.sections:
        lines += ["<section>", *_section(section), "</section>"]
    if document.foot:
        lines.append(f"<footer>{escaped(document.foot)}</footer>")
    return "\n".join([*lines, "</body>", "</html>"]) + "\n"


def _section(section: Section) -> Iterator[str]:
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield from _heading(block)
        case Prose():
            yield from _prose(block)
        case Givens():
            yield from _givens(block)
        case Drawn():
            drawing = heatmaps.draw(block.figure, _WIDTH)
            yield f"<figure>{drawing.svg(heatmaps.label(block.figure)).strip()}</figure>"
        case Code():
            yield f"<pre>{escaped_lines(block.lines)}</pre>"
        case Step():
            yield from _step(block)
        case Choices():
            yield from _choices(block)
        case Answer():
            form = f' <span class="quiet">{escaped(block.form)}</span>' if block.form else ""
            yield f'<p class="answer"><code><b>{escaped(block.name)}</b> = {escaped(block.value)}</code>{form}</p>'
        case Room():
            yield from _room(block)


def escaped_lines(lines: tuple[str, ...]) -> str:
    """Return lines as they stand within `pre`."""
    return "\n".join(escaped(line) for line in lines)


def _heading(block: Heading) -> Iterator[str]:
    tag = "h2" if block.level == 1 else "h3"
    aside = f'<span class="aside">{escaped(block.aside)}</span>' if block.aside else ""
    yield f"<{tag}>{aside}{escaped(block.text)}</{tag}>"


def _prose(block: Prose) -> Iterator[str]:
    kind = ' class="quiet"' if block.quiet else ""
    items: list[str] = []
    for paragraph in paragraphs(block.text):
        if paragraph.item:
            items.append(f"<li>{_spans(paragraph)}</li>")
            continue
        if items:
            yield f"<ul{kind}>{''.join(items)}</ul>"
            items = []
        yield f"<pre>{_spans(paragraph)}</pre>" if paragraph.formula else f"<p{kind}>{_spans(paragraph)}</p>"
    if items:
        yield f"<ul{kind}>{''.join(items)}</ul>"


def _spans(paragraph: Paragraph) -> str:
    return "".join(f"<code>{escaped(text)}</code>" if code else escaped(text) for text, code in paragraph.spans)


def _givens(block: Givens) -> Iterator[str]:
    yield '<table class="given"><tbody>'
    for given in block.entries:
        yield (
            f'<tr><td class="name"><code><b>{escaped(given.name)}</b></code></td>'
            f"<td>{escaped(given.means)}</td>"
            f'<td class="shape">{escaped(given.shape)}</td><td>{_numbers(given)}</td></tr>'
        )
    yield "</tbody></table>"


def _numbers(given: Given) -> str:
    if given.pictured:
        return '<span class="quiet">see the picture</span>'
    if given.value is None:
        return ""
    return "".join(_matrix(block, alone=not given.value.ndim) for block in arrays.blocks(given.value))


def _matrix(block: arrays.Block, *, alone: bool) -> str:
    caption = f'<div class="caption">{escaped(block.caption)}</div>' if block.caption else ""
    if alone:
        return f"{caption}<code>{escaped(block.rows[0][0])}</code>"
    rows = "".join(
        "<tr>" + "".join(f'<td class="n">{escaped(number)}</td>' for number in row) + "</tr>" for row in block.rows
    )
    return f'{caption}<table class="matrix">{rows}</table>'


def _step(step: Step) -> Iterator[str]:
    yield '<div class="step">'
    symbols = f"<code>{escaped(step.symbols)}</code>" if step.formula else escaped(step.symbols)
    yield f'<p>{step.number}. <span class="symbols">{symbols}</span></p>'
    if step.say:
        yield from _prose(Prose(step.say))
    if step.numbers:
        yield f"<pre>{escaped_lines(step.numbers)}</pre>"
    if step.result:
        shape = f' <span class="shape">{escaped(step.shape)}</span>' if step.shape else ""
        yield f'<p class="result"><code>{escaped(step.result)}</code>{shape}</p>'
    yield "</div>"


def _choices(block: Choices) -> Iterator[str]:
    yield '<ol class="options">'
    kind = "box" if block.several else "box round"
    for option in block.options:
        mark = "&#215;" if block.told and option.right else ""
        why = f'<span class="why">{escaped(option.why)}</span>' if option.why else ""
        text = "".join(map(_spans, paragraphs(" ".join(option.text.split()))))
        number = f"{option.number}. " if block.told else ""
        yield f'<li><span class="{kind}">{mark}</span>{number}{text}{why}</li>'
    yield "</ol>"


def _room(block: Room) -> Iterator[str]:
    yield '<div class="room">'
    if not block.name:
        yield '<div class="ruled"></div>' * block.lines
    else:
        yield f'<div style="height: {1.5 * block.lines:g}rem"></div>'
        form = f'<span class="quiet">{escaped(block.form)}</span>' if block.form else ""
        yield f'<div class="end"><code><b>{escaped(block.name)}</b> =</code><span class="line"></span>{form}</div>'
    yield "</div>"
