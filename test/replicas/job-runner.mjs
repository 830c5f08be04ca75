// Runs one periodic job, as a replica would, and writes what came of it. The job goes on until a line comes in.
import 'reflect-metadata';
import { once } from 'node:events';
import { DataSource } from 'typeorm';
import { PeriodicJobs } from '../../dist/src/database/periodic-jobs.js';

const dataSource = new DataSource({ type: 'postgres', url: process.argv[2] });
await dataSource.initialize();
const jobs = new PeriodicJobs(dataSource, console);
jobs.every(60, 'sweep-sessions', async () => {
  process.stdout.write('at it\n');
  await once(process.stdin, 'data');
});
process.stdout.write((await jobs.run('sweep-sessions')) ? 'done\n' : 'left to another\n');
process.stdin.destroy();
await dataSource.destroy();
