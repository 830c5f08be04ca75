import { launch } from './launch.js';

await launch(process.env);
