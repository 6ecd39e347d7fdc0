// The live stream.  It sleeps while the tab is hidden, comes back by itself,
// and says in what state it is.

import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';

export const live = signal('off'); // off connecting on
export const lastHeard = signal(Date.now());
export const stats = signal(null);
export const newBuild = signal(false);

const listeners = new Map(); // name -> Set of functions
const names = ['hello', 'stats', 'block', 'events', 'config', 'reset', 'bye'];
let source = null, timer = 0, delay = 0, build = null, wanted = false;
let topics = '';

function tell(name, data) {
	lastHeard.value = Date.now();
	for (const f of listeners.get(name) ?? [])
		f(data);
}

// Events are many: asked for only while somebody listens.
const wantedTopics = () => 'stats,blocks,config' +
	(listeners.get('events')?.size ? ',events' : '');

function open() {
	clearTimeout(timer);
	if (source || !wanted || document.hidden)
		return;
	live.value = 'connecting';
	topics = wantedTopics();
	source = new EventSource('/api/v1/stream?topics=' + topics);
	source.onopen = () => { live.value = 'on'; delay = 0; };
	source.onerror = () => {
		live.value = 'connecting';
		if (source.readyState === EventSource.CLOSED)
			retry();
	};
	for (const name of names) {
		source.addEventListener(name, e =>
			tell(name, e.data ? JSON.parse(e.data) : {}));
	}
}

function shut() {
	source?.close();
	source = null;
}

function retry() {
	shut();
	delay = Math.min(60, delay * 2 || 2);
	timer = setTimeout(open, delay * 1000);
}

function follow() {
	if (source && topics !== wantedTopics()) {
		shut();
		open();
	}
}

export function listen(name, f) {
	if (!listeners.has(name))
		listeners.set(name, new Set());
	listeners.get(name).add(f);
	follow();
	return () => {
		listeners.get(name).delete(f);
		follow();
	};
}

// Calls f for each message of that name while the component is there.
export function useLive(name, f, on = true) {
	const latest = useRef();

	latest.current = f;
	useEffect(() => on ? listen(name, x => latest.current(x)) : undefined,
		[name, on]);
}

export function start() {
	wanted = true;
	open();
}

export function stop() {
	wanted = false;
	clearTimeout(timer);
	shut();
	live.value = 'off';
}

listen('hello', h => {
	if (build && h.build !== build)
		newBuild.value = true;
	build ??= h.build;
});
listen('stats', s => { stats.value = s; });
listen('bye', () => retry());
document.addEventListener('visibilitychange', () => {
	if (document.hidden)
		shut();
	else
		open();
});
