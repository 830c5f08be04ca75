import 'reflect-metadata';
import { useKeysAnew } from './keys.js';

// Runs before each file, whose modules are those of the file before.
useKeysAnew();
