// Charts as SVG at their real width: they follow the theme, can be printed
// and read by a program; text besides them says the same.

import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { day, hourMinute, num } from '../i18n.js';
import { timeZone } from '../prefs.js';

const edge = { left: 44, right: 12, top: 18, bottom: 24 };
const steps = [60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
	86400, 172800, 604800];

function useWidth() {
	const ref = useRef(), [width, setWidth] = useState(0);

	useEffect(() => {
		const o = new ResizeObserver(([e]) =>
			setWidth(Math.max(240, Math.floor(e.contentRect.width))));
		o.observe(ref.current);
		return () => o.disconnect();
	}, []);
	return [ref, width];
}

// A round step so that max is reached in at most five.
function roundStep(max) {
	const raw = max / 4, p = 10 ** Math.floor(Math.log10(raw || 1));

	return Math.max(1, [1, 2, 5, 10].find(m => m * p >= raw) * p);
}

function ticks(from, to, step) {
	const out = [];
	const shift = timeZone.value === 'UTC' ? 0 :
		new Date(from * 1000).getTimezoneOffset() * 60;

	for (let s = Math.ceil((from - shift) / step) * step + shift; s <= to;
		s += step)
		out.push(s);
	return out;
}

const seconds = time => typeof time === 'number' ? time :
	new Date(time).getTime() / 1000;

// The plane of a chart: x(s) and y(value), and the axes as elements.
function plane({ width, height, from, to, max }) {
	const w = width - edge.left - edge.right;
	const h = height - edge.top - edge.bottom;
	const x = s => edge.left + (s - from) / (to - from) * w;
	const y = v => edge.top + h - v / max * h;
	const step = steps.find(s => (to - from) / s <= width / 90) ?? 1209600;
	const text = step >= 86400 ? day : hourMinute;
	const levels = [];

	for (let v = 0; v <= max; v += roundStep(max))
		levels.push(v);
	const axes = html`<g class="axes">${levels.map(v => html`
		<line class="grid" x1=${edge.left} x2=${width - edge.right}
			y1=${y(v)} y2=${y(v)}/>
		<text x=${edge.left - 6} y=${y(v) + 4} text-anchor="end">
			${num(v)}</text>`)}
		${ticks(from, to, step).map(s => x(s) > edge.left + 14 &&
			x(s) < width - edge.right - 14 && html`
			<text x=${x(s)} y=${height - 6} text-anchor="middle">
				${text(s * 1000)}</text>`)}</g>`;

	return { x, y, axes, at: px => from + (px - edge.left) / w * (to - from) };
}

const Figure = ({ figure, width, height, alt, children, ...rest }) => html`
	<figure class="chart" ref=${figure}><svg width=${width} height=${height}
		viewBox="0 0 ${width} ${height}" role="img" aria-label=${alt}
		...${rest}>${width > 0 && children}</svg></figure>`;

/*
 * A score in steps against its threshold.  points: { time, score }; marks:
 * { time, score, kind, title } for events; crossed: { time, score, label };
 * shade: { from, to } where a block holds.
 */
export function Steps({ points, marks, threshold, thresholdLabel, crossed,
	shade, from, to, alt, height = 240 }) {
	const [ref, width] = useWidth();
	const max = Math.max(threshold * 1.25,
		...points.map(p => p.score * 1.1));
	const p = plane({ width, height, from: seconds(from), to: seconds(to),
		max });
	const x = time => p.x(seconds(time)).toFixed(1);
	const y = v => p.y(v).toFixed(1);
	const path = (rows, end) => `M${x(from)} ${y(0)}` + rows.map(s =>
		`H${x(s.time)}V${y(s.score)}`).join('') + `H${x(end)}`;
	const until = shade?.from ?? to;
	const before = points.filter(s => seconds(s.time) <= seconds(until));
	const isLate = crossed && +x(crossed.time) > width / 2;

	return html`<${Figure} figure=${ref} width=${width} height=${height}
		alt=${alt}>
		${shade && html`<rect class="shade" y=${edge.top} x=${x(shade.from)}
			width=${Math.max(0, x(shade.to) - x(shade.from))}
			height=${height - edge.top - edge.bottom}/>`}
		${p.axes}<path class="area" d="${path(before, until)}V${y(0)}Z"/>
		<path class="line" d=${path(points, to)}/>
		${marks.map(m => html`<circle class=${m.isOut ? 'ev-out' :
			'ev-' + m.kind} cx=${x(m.time)} cy=${y(m.score)} r="3.5">
			<title>${m.title}</title></circle>`)}
		<line class="threshold" x1=${edge.left} x2=${width - edge.right}
			y1=${y(threshold)} y2=${y(threshold)}/>
		<text class="threshold-label" x=${edge.left + 6}
			y=${p.y(threshold) - 6}>${thresholdLabel}</text>
		${crossed && html`<g class="cross"><line x1=${x(crossed.time)}
			x2=${x(crossed.time)} y1=${edge.top}
			y2=${height - edge.bottom}/>
			<circle cx=${x(crossed.time)} cy=${y(crossed.score)} r="6"/>
			<text x=${+x(crossed.time) + (isLate ? -4 : 4)} y="12"
				text-anchor=${isLate ? 'end' : 'start'}>
				${crossed.label}</text></g>`}<//>`;
}

// Pointing over the chart marks a stretch of time; a touch scrolls.
function useBrush(p, onRange) {
	const [drag, setDrag] = useState(null);
	const at = e => e.clientX - e.currentTarget.getBoundingClientRect().left;

	if (!onRange)
		return [{}, null];
	return [{
		onPointerDown: e => {
			if (e.pointerType !== 'mouse' || e.button)
				return;
			e.currentTarget.setPointerCapture(e.pointerId);
			setDrag([at(e), at(e)]);
		},
		onPointerMove: e => drag && setDrag([drag[0], at(e)]),
		onPointerUp: () => {
			const [a, b] = (drag ?? []).toSorted((m, n) => m - n);
			setDrag(null);
			if (b - a > 4)
				onRange(p.at(a), p.at(b));
		},
	}, drag];
}

/*
 * Stacked bars.  buckets: { time, counts: { kind: n } }, each `step` seconds
 * wide; kinds: the order of the stack; onRange(from, to) when a stretch is
 * marked with the mouse.
 */
export function Bars({ buckets, step, kinds, from, to, alt, onRange,
	height = 210 }) {
	const [ref, width] = useWidth();
	const sum = b => kinds.reduce((n, k) => n + (b.counts[k] ?? 0), 0);
	const max = Math.max(4, ...buckets.map(sum)) * 1.1;
	const p = plane({ width, height, from: seconds(from), to: seconds(to),
		max });
	const [on, drag] = useBrush(p, onRange);
	const bar = Math.max(1, p.x(step) - p.x(0) - 1);

	return html`<${Figure} figure=${ref} width=${width} height=${height}
		alt=${alt} class=${onRange ? 'brush' : ''} ...${on}>${p.axes}
		${buckets.map(b => {
			let v = 0;
			return html`<g><title>${hourMinute(b.time)}: ${num(sum(b))}</title>
				${kinds.filter(k => b.counts[k]).map(k => {
					v += b.counts[k];
					return html`<rect class="ev-${k}"
						x=${p.x(seconds(b.time)).toFixed(1)}
						y=${p.y(v).toFixed(1)} width=${bar.toFixed(1)}
						height=${(p.y(0) - p.y(b.counts[k])).toFixed(1)}/>`;
				})}</g>`;
		})}
		${drag && html`<rect class="drag" x=${Math.min(...drag)}
			width=${Math.abs(drag[1] - drag[0])} y=${edge.top}
			height=${height - edge.top - edge.bottom}/>`}<//>`;
}

// A coloured square before the name of a kind.
export const Key = ({ kind }) => html`<svg class="key" width="12" height="12"
	aria-hidden="true"><rect class="ev-${kind}" width="12" height="12"
	rx="3"/></svg>`;

// A share as a bar; the figure stands beside it.
export const Share = ({ percent, kind }) => html`<svg class="bar-meter"
	viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
	<rect class="ev-${kind}" width=${Math.min(100, percent)} height="8"/></svg>`;
