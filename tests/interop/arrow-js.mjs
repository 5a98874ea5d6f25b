// Arrow IPC through npm apache-arrow.
//   node arrow-js.mjs make  stream|file        a table of what this library likes to send        -> stdout
//   node arrow-js.mjs echo  stream|file        Arrow IPC of either format on stdin, read whole   -> stdout
//   node arrow-js.mjs pass                     a stream, batch after batch                       -> stdout
//   node arrow-js.mjs show                     types, null counts and values as JSON             -> stdout
import * as arrow from 'apache-arrow';

const [mode, format] = process.argv.slice(2);

async function stdin() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

function make() {
  const { Field, Schema, Table, RecordBatch } = arrow;
  const columns = rows => ({
    bool: arrow.vectorFromArray(rows.map(i => (i % 3 === 2 ? null : i % 2 === 0)), new arrow.Bool()),
    uint8: arrow.vectorFromArray(rows.map(i => 250 + i), new arrow.Uint8()),
    uint16: arrow.vectorFromArray(rows.map(i => 65530 + i), new arrow.Uint16()),
    uint32: arrow.vectorFromArray(rows.map(i => 4294967290 + i), new arrow.Uint32()),
    uint64: arrow.vectorFromArray(rows.map(i => 9007199254740993n + BigInt(i)), new arrow.Uint64()),
    int64: arrow.vectorFromArray(rows.map(i => (i === 1 ? null : -9007199254740993n - BigInt(i))), new arrow.Int64()),
    float16: arrow.vectorFromArray(rows.map(i => i / 2), new arrow.Float16()),
    float64: arrow.vectorFromArray(rows.map(i => [NaN, -0, Infinity, null, 1e-310][i]), new arrow.Float64()),
    date: arrow.vectorFromArray(rows.map(i => new Date(86400000 * i + 123)), new arrow.DateMillisecond()),
    day: arrow.vectorFromArray(rows.map(i => new Date(86400000 * (i - 2))), new arrow.DateDay()),
    nanos: arrow.vectorFromArray(rows.map(i => i * 1000 - 1), new arrow.TimestampNanosecond('UTC')),
    seconds: arrow.vectorFromArray(rows.map(i => i * 1000), new arrow.TimestampSecond()),
    text: arrow.vectorFromArray(rows.map(i => ['', 'größe', null, '日本', 'x'][i]), new arrow.Utf8()),
    large: arrow.vectorFromArray(rows.map(i => ['a', null, 'ccc', '', 'é'][i]), new arrow.LargeUtf8()),
    plan: arrow.vectorFromArray(rows.map(i => ['basic', 'pro', null, 'basic', 'pro'][i]), new arrow.Dictionary(new arrow.Utf8(), new arrow.Uint32(), 3)),
    tiny: arrow.vectorFromArray(rows.map(i => ['a', 'b', 'a', null, 'b'][i]), new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 4)),
  });
  return new arrow.Table(columns([0, 1, 2, 3, 4]));
}

function text(value) {
  if (value === null || value === undefined) return null;
  return Object.is(value, -0) ? '-0' : value instanceof Date ? String(value.getTime()) : String(value);
}

if (mode === 'make') {
  process.stdout.write(arrow.tableToIPC(make(), format));
} else if (mode === 'echo') {
  process.stdout.write(arrow.tableToIPC(arrow.tableFromIPC(await stdin()), format));
} else if (mode === 'pass') {
  const reader = await arrow.RecordBatchReader.from(process.stdin);
  await reader.open();
  const writer = new arrow.RecordBatchStreamWriter();
  writer.toNodeStream().pipe(process.stdout);
  for await (const batch of reader) writer.write(batch);
  writer.finish();
} else {
  const table = arrow.tableFromIPC(await stdin());
  console.log(JSON.stringify(table.schema.fields.map((field, i) => {
    const column = table.getChildAt(i);
    return { name: field.name, type: String(field.type), nulls: column?.nullCount ?? 0, values: column ? Array.from({ length: column.length }, (_, row) => text(column.get(row))) : [] };
  })));
}
