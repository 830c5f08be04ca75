import { runMonitor } from './monitor/run-monitor.js';
import { USAGE } from './monitor/options.js';

const [command, ...args] = process.argv.slice(2);
if (command === 'monitor') {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  process.exitCode = await runMonitor(args, {
    print: (line) => void process.stdout.write(`${new Date().toISOString()} ${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    signal: ending.signal,
  });
} else {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 64;
}
