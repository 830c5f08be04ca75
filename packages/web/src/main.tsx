import { render } from 'preact';
import { App } from './app.js';
import { loadCatalogue } from './i18n/catalogue.js';
import { followLinks } from './state/location.js';
import { loadMe } from './state/session.js';
import './styles/index.css';

const root = document.querySelector('#app');
if (root === null) throw new TypeError('index.html has no #app');

followLinks();
void loadMe();
await loadCatalogue();
render(<App />, root);
