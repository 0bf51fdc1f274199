// Starts the CDK app with the JDK and the class path that the build wrote down.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const launch = fileURLToPath(new URL('target/launch.json', import.meta.url));
if (!existsSync(launch)) {
  console.error('The infra module is not built: run "mvn package" first (add -DskipTests to be quick).');
  process.exit(1);
}
const [java, ...options] = JSON.parse(readFileSync(launch, 'utf8'));
const app = spawnSync(java, options, { stdio: 'inherit' });
if (app.error) {
  console.error(`${java} cannot be started: ${app.error.message}. Run "mvn package" again.`);
}
process.exit(app.status ?? 1);
