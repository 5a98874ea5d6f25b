// Arrow IPC through npm nodejs-polars.
//   node arrow-polars.mjs make stream|file [lz4|zstd]     a table of what this library likes to send      -> stdout
//   node arrow-polars.mjs echo stream|file                Arrow IPC of either format on stdin, read whole -> stdout
//   node arrow-polars.mjs show                            types, null counts and values as JSON           -> stdout
import { writeSync } from 'node:fs';
import pl from 'nodejs-polars';

const [mode, format, compression] = process.argv.slice(2);

async function stdin() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const read = bytes => (bytes.subarray(0, 6).toString('latin1') === 'ARROW1' ? pl.readIPC(bytes) : pl.readIPCStream(bytes));
const options = { compression: compression ?? 'uncompressed' };
const write = frame => send(format === 'file' ? frame.writeIPC(options) : frame.writeIPCStream(options));

function send(bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

function make() {
  return pl.DataFrame([
    pl.Series('bool', [true, null, false, true, false], pl.Bool),
    pl.Series('int8', [1, -2, null, 4, 127], pl.Int8),
    pl.Series('uint32', [0, 1, 2, null, 4294967295], pl.UInt32),
    pl.Series('int64', [1, -2, null, 4, 5], pl.Int64),
    pl.Series('float32', [1.5, -0, null, NaN, Infinity], pl.Float32),
    pl.Series('float64', [NaN, 0.1, null, -Infinity, 1e300], pl.Float64),
    pl.Series('text', ['', 'größe', null, 'a text of more than twelve bytes', '日本'], pl.Utf8),
    pl.Series('plan', ['basic', 'pro', null, 'basic', 'a plan of more than twelve bytes'], pl.Utf8).cast(pl.Categorical),
    pl.Series('millis', [0, 1, null, -1, 1700000000123], pl.Int64).cast(pl.Datetime('ms')),
    pl.Series('micros', [0, 1, null, -1, 1700000000123456], pl.Int64).cast(pl.Datetime('us')),
    pl.Series('nanos', [0, 999, null, -1, 1700000000123456], pl.Int64).cast(pl.Datetime('ns')),
    pl.Series('day', [0, 1, null, -1, 20000], pl.Int32).cast(pl.Date),
  ]);
}

function text(value) {
  if (value === null || value === undefined) return null;
  return Object.is(value, -0) ? '-0' : value instanceof Date ? String(value.getTime()) : String(value);
}

if (mode === 'make') {
  write(make());
} else if (mode === 'echo') {
  write(read(await stdin()));
} else {
  const frame = read(await stdin());
  send(Buffer.from(JSON.stringify(frame.columns.map(name => {
    const column = frame.getColumn(name);
    return { name, type: String(column.dtype), nulls: column.nullCount(), values: column.toArray().map(text) };
  }))));
}
