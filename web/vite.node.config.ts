import { defineConfig } from 'vite';

/* The fake server and the suite, for Node. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node18',
    outDir: '.build',
    emptyOutDir: true,
    rollupOptions: { input: { fake: 'fake/main.ts', e2e: 'e2e/main.ts' }, output: { entryFileNames: '[name].mjs' } },
  },
});
