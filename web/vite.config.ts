import { defineConfig } from 'vite';

// The page is embedded in the program: fixed names would do, hashes let it be cached for ever.
export default defineConfig({
  base: './',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2022',
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
    rollupOptions: {
      output: { manualChunks: (id) => (id.includes('vexflow') ? 'notation' : undefined) },
    },
  },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8137', ws: true } } },
});
