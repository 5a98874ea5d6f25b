// Reads the .trx files of a test run: prints every skip with its reason and every failure, fails on a skip that has no
// accepted reason, and ends with the line that CI counts by.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, exitCode] = process.argv.slice(2);
const acceptedSkips = [/needs \.\.\/shared\/data\//, /needs a server/, /needs a GPU/];

const unescape = (text) =>
  text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&apos;|&#39;/g, "'").replace(/&#xD;|&#xA;/g, " ").replace(/&amp;/g, "&");

let passed = 0;
let failed = 0;
let skipped = 0;
let refused = 0;
const files = readdirSync(folder).filter((name) => name.endsWith(".trx"));
for (const file of files) {
  const xml = readFileSync(join(folder, file), "utf8");
  for (const [, attributes, body = ""] of xml.matchAll(/<UnitTestResult\s([^>]*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g)) {
    const name = unescape(/testName="([^"]*)"/.exec(attributes)[1]);
    const outcome = /outcome="([^"]*)"/.exec(attributes)[1];
    const message = unescape(/<Message>([\s\S]*?)<\/Message>/.exec(body)?.[1] ?? /<StdOut>([\s\S]*?)<\/StdOut>/.exec(body)?.[1] ?? "no reason given").trim();
    if (outcome === "Passed") passed++;
    else if (outcome === "Failed") {
      failed++;
      console.log(`FAILED  ${name}: ${message.split("\n")[0]}`);
    } else {
      skipped++;
      const accepted = acceptedSkips.some((reason) => reason.test(message));
      if (!accepted) refused++;
      console.log(`${accepted ? "skipped" : "SKIP NOT ACCEPTED"}  ${name}: ${message.split("\n")[0]}`);
    }
  }
}
if (files.length === 0 || passed + failed === 0) {
  console.log("no test result was found");
  failed = Math.max(failed, 1);
}
if (exitCode !== "0" && failed === 0) {
  console.log(`the test command ended with exit code ${exitCode} although no test failed: not every test ran`);
  failed = 1;
}
if (refused > 0) console.log(`${refused} skips have no accepted reason and count as failures`);
console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed + refused} failed`);
process.exit(failed + refused > 0 || exitCode !== "0" ? 1 : 0);
