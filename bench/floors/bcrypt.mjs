// bcrypt alone: as many comparisons at once as the server is asked for sign-ins.
import bcrypt from 'bcrypt';

const { cost } = JSON.parse(process.env.OPTIONS);
const hash = await bcrypt.hash('lantern gravel otter mosaic', cost);
process.on('message', ({ inFlight, seconds }) => {
  void compareFor(inFlight, seconds).then((result) => process.send(result));
});
process.send({ port: 0 });

async function compareFor(inFlight, seconds) {
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  const end = began + seconds * 1000;
  let compared = 0;
  let took = 0;
  const compare = async () => {
    while (performance.now() < end) {
      await bcrypt.compare('lantern gravel otter mosaic', hash);
      if (performance.now() > end) return;
      compared += 1;
      took = (performance.now() - began) / 1000;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, compare));
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: compared / took, cpu: (user + system) / compared };
}
