package trace

// svgStyle is the style of a picture, on a light page and on a dark one. The text of
// segments and timers has a halo of the page's colour, so that no line runs through it.
const svgStyle = `
text { font: 11px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", "Courier New", monospace; fill: #222; }
text.end { font-size: 16px; font-weight: bold; }
text.title, text.sentence, text.legend { font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; font-size: 12px; }
text.title { font-size: 14px; font-weight: bold; }
text.told, text.time, text.number, text.config { fill: #666; }
text.config { font-size: 10px; }
text.call { font-weight: bold; }
text.timeout, text.timer { fill: #8a4b00; }
text.timer { font-size: 10px; }
text.segment, text.timer, text.loop { paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round; }
text.doom { fill: #c0392b; }
text.loop { fill: #6a3d9a; font-weight: bold; }
.page { fill: #fff; }
line.doom { stroke: #c0392b; stroke-dasharray: 8 4; }
.life { stroke: #444; stroke-width: 2; }
line.time { stroke: #bbb; stroke-dasharray: 2 4; }
.event { fill: #444; }
line.segment { stroke: #1f4e8c; stroke-width: 1.6; }
line.copy { stroke: #9a6c00; stroke-width: 1.6; stroke-dasharray: 7 4; }
line.lost { stroke: #c0392b; stroke-width: 1.6; }
line.way { stroke: #1f4e8c; stroke-width: 1.6; stroke-dasharray: 1 4; }
path.head { fill: #1f4e8c; }
path.copy { fill: #9a6c00; }
circle.way, circle.copied { fill: #fff; stroke: #1f4e8c; stroke-width: 1.6; }
circle.copied { stroke: #9a6c00; }
.cross { fill: none; stroke: #c0392b; stroke-width: 2.4; }
path.timer { fill: none; stroke: #c98a2b; stroke-width: 1.4; }
path.waits { stroke: #d35400; stroke-width: 2.6; }
rect.state { fill: #dce8f7; stroke: #8fb0d8; }
rect.open { fill: #dff2df; stroke: #90c290; }
rect.waits { fill: #fde8d4; stroke: #e0a670; }
rect.closed { fill: #eee; stroke: #aaa; }
rect.loop { fill: none; stroke: #6a3d9a; stroke-width: 1.4; stroke-dasharray: 6 3; }
@media (prefers-color-scheme: dark) {
text { fill: #e6e6e6; }
text.told, text.time, text.number, text.config { fill: #a8a8a8; }
text.timeout, text.timer { fill: #f0b060; }
text.segment, text.timer, text.loop { stroke: #16191d; }
text.doom { fill: #ff8a7a; }
text.loop { fill: #c9a8f0; }
.page { fill: #16191d; }
line.doom, line.lost, .cross { stroke: #ff7a6a; }
.life { stroke: #b0b0b0; }
.event { fill: #b0b0b0; }
line.time { stroke: #555; }
line.segment, line.way, circle.way { stroke: #7fb2f0; }
line.copy, circle.copied { stroke: #e0b040; }
path.head { fill: #7fb2f0; }
path.copy { fill: #e0b040; }
circle.way, circle.copied { fill: #16191d; }
rect.state { fill: #1d3350; stroke: #4a78ad; }
rect.open { fill: #1c3a22; stroke: #4f8f58; }
rect.waits { fill: #4a2e12; stroke: #b5763a; }
rect.closed { fill: #333; stroke: #777; }
rect.loop { stroke: #a98bd0; }
}
`

// The sizes of text, in pixels, by class. Others are 11.
var textSize = map[string]float64{"end": 16, "title": 14, "sentence": 12, "legend": 12, "config": 10, "timer": 10}
