// The rows of a long table: what is far away leaves only its height.

import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const CHUNK = 50;
const REACH = '1200px';

function Chunk({ rows, row, columns }) {
	const ref = useRef(), height = useRef(0);
	const [near, setNear] = useState(true);

	useEffect(() => {
		const seen = new IntersectionObserver(([e]) => {
			const stays = e.isIntersecting ||
				ref.current?.contains(document.activeElement);

			if (!stays)
				height.current = e.boundingClientRect.height;
			setNear(stays);
		}, { rootMargin: REACH });

		seen.observe(ref.current);
		return () => seen.disconnect();
	}, []);
	return html`<tbody role="rowgroup" ref=${ref}>${near ? rows.map(row) :
		html`<tr aria-hidden="true"><td class="away" colspan=${columns}
			height=${height.current}></td></tr>`}</tbody>`;
}

export function Rows({ items, row, columns }) {
	const chunks = [];

	for (let i = 0; i < items.length; i += CHUNK)
		chunks.push(items.slice(i, i + CHUNK));
	return chunks.map((rows, i) => html`<${Chunk} key=${i} rows=${rows}
		row=${row} columns=${columns}/>`);
}
