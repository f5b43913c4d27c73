import { join } from 'node:path';
import { serve } from './serve';

const port = Number(process.argv[2] ?? 8137);
void serve({ port, dist: join(process.cwd(), 'dist'), speed: { bars: 4, rest_ms: 5000, pause_ms: 2500 } }).then(() =>
  console.log(`fake doubletime: http://127.0.0.1:${port}/`));
