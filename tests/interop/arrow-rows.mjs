// The rows of an Arrow file or stream as lines of CSV, header first, through npm apache-arrow.
//   node arrow-rows.mjs in
import { readFileSync } from 'node:fs';
import { tableFromIPC } from 'apache-arrow';

const table = tableFromIPC(readFileSync(process.argv[2]));
const names = table.schema.fields.map(field => field.name);
const lines = [names.join(',')];
for (const row of table) lines.push(names.map(name => row[name] ?? '').join(','));
process.stdout.write(lines.join('\n') + '\n');
