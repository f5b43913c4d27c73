// Opens report pages in Chromium as different readers see them (light, dark, phone, paper), runs
// axe-core and html-validate on each, and writes pictures to look at.
//
//   node check.mjs OUT_FOLDER PAGE.html...
//
// Ends with 1 when a page has a violation, an error, a request to anything but itself, is wider
// than the screen, or larger than 300 kB.
import { createRequire } from 'node:module';
import { readFileSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { FileSystemConfigLoader, HtmlValidate, esmResolver } from 'html-validate';
import { chromium } from 'playwright-core';

const LARGEST_BYTES = 300_000;
const READERS = {
  light: { viewport: { width: 1200, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1200, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', deviceScaleFactor: 2 },
};

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const validator = new HtmlValidate(new FileSystemConfigLoader([esmResolver()]));

function violationsIn(results) {
  return results.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 120)}`);
}

async function look(browser, file, reader, options, picture) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems = [];
  page.on('console', (message) => problems.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error}`));
  page.on('request', (request) => {
    if (request.url() !== `file://${file}`) problems.push(`fetches ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  await page.screenshot({ path: `${picture}-${reader}.png`, fullPage: true });
  await page.evaluate(axe);
  problems.push(...violationsIn(await page.evaluate(() => window.axe.run())));
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (over > 0) problems.push(`${over} pixels wider than the screen`);
  if (reader === 'light') await page.pdf({ path: `${picture}.pdf`, preferCSSPageSize: true });
  await context.close();
  return problems;
}

async function validity(file) {
  const report = await validator.validateFile(file);
  return report.results.flatMap((r) => r.messages.map((m) => `line ${m.line}: ${m.message}`));
}

async function main(out, files) {
  mkdirSync(out, { recursive: true });
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  // As root Chromium has no sandbox; the pages are our own.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  let bad = 0;
  for (const name of files) {
    const file = path.resolve(name);
    const picture = path.join(out, path.basename(file, '.html'));
    const bytes = statSync(file).size;
    const problems = await validity(file);
    if (bytes > LARGEST_BYTES) problems.push(`${bytes} bytes`);
    for (const [reader, options] of Object.entries(READERS)) {
      const seen = await look(browser, file, reader, options, picture);
      problems.push(...seen.map((problem) => `${reader}: ${problem}`));
    }
    console.log(`${problems.length ? 'BAD' : 'ok'}  ${path.basename(file)}  ${bytes} bytes`);
    for (const problem of problems) console.log(`     ${problem}`);
    bad += problems.length > 0;
  }
  await browser.close();
  return bad ? 1 : 0;
}

process.exit(await main(process.argv[2], process.argv.slice(3)));
