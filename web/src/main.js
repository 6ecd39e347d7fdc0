import { html, render } from 'htm/preact';
import { get, session } from './api.js';
import { welcome } from './enter.js';
import { keepFocus } from './focus.js';
import { preferred, setLanguage } from './i18n.js';
import { language } from './prefs.js';
import { match, path } from './router.js';
import { Shell } from './shell.js';
import { outside } from './pages/index.js';
import { Toasts } from './parts/toast.js';
import { Waiting } from './parts/load.js';

function App() {
	const alone = outside.find(([pattern]) => match(pattern, path.value));
	const page = alone ? html`<${alone[1]}/>` :
		session.value ? html`<${Shell}/>` : html`<${Waiting}/>`;

	return html`${page}<${Toasts}/>`;
}

await setLanguage(preferred(language.value));
try {
	await welcome(await get('/session'));
} catch {
	// Signing in or the first run was opened by api.js.
}
render(html`<${App}/>`, document.getElementById('app'));
keepFocus(document.getElementById('app'));
