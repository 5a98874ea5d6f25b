// One table in another format, by the names of the files: .csv or .parquet in; .arrow (file), .arrows (stream) or .parquet out.
//   node arrow-table.mjs polars in out [lz4|zstd]      through npm nodejs-polars
//   node arrow-table.mjs js in.csv out                 through npm apache-arrow, which knows no Parquet; texts become dictionaries
//   node arrow-table.mjs js-nested in.csv out          the same beside columns of types that the engine does not hold
import { readFileSync, writeFileSync } from 'node:fs';

const [library, from, to, compression] = process.argv.slice(2);

async function polars() {
  const { default: pl } = await import('nodejs-polars');
  const frame = from.endsWith('.parquet') ? pl.readParquet(from) : pl.readCSV(from, { tryParseDates: true });
  const options = { compression: compression ?? 'uncompressed' };
  return to.endsWith('.parquet') ? frame.writeParquet({ compression: 'snappy' }) : to.endsWith('.arrows') ? frame.writeIPCStream(options) : frame.writeIPC(options);
}

async function js(nested) {
  const arrow = await import('apache-arrow');
  const [header, ...lines] = readFileSync(from, 'utf8').split('\n').filter(line => line.length > 0).map(line => line.split(','));
  const columns = {};
  if (nested) Object.assign(columns, others(arrow, lines.length, 'before'));
  header.forEach((name, i) => { columns[name] = vector(arrow, lines.map(line => (line[i] === '' ? null : line[i]))); });
  if (nested) Object.assign(columns, others(arrow, lines.length, 'after'));
  return arrow.tableToIPC(new arrow.Table(columns), to.endsWith('.arrows') ? 'stream' : 'file');
}

function vector(arrow, texts) {
  const all = test => texts.every(text => text === null || test.test(text));
  if (all(/^-?\d+$/)) return arrow.vectorFromArray(texts.map(text => (text === null ? null : BigInt(text))), new arrow.Int64());
  if (all(/^-?\d+(\.\d+)?$/)) return arrow.vectorFromArray(texts.map(text => (text === null ? null : Number(text))), new arrow.Float64());
  if (all(/^\d{4}-\d\d-\d\d(T|$)/)) return arrow.vectorFromArray(texts.map(text => (text === null ? null : new Date(text))), new arrow.TimestampMillisecond('UTC'));
  return arrow.vectorFromArray(texts, new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()));
}

function others(arrow, rows, name) {
  const { Field, Utf8, Int32, Float64 } = arrow;
  const some = make => Array.from({ length: rows }, (_, i) => (i % 5 === 3 ? null : make(i)));
  const make = (values, type) => arrow.vectorFromArray(values, type);
  const coded = new arrow.Dictionary(new Utf8(), new Int32(), name === 'before' ? 901 : 902);
  return {
    [`${name}_null`]: make(some(() => null), new arrow.Null()),
    [`${name}_list`]: make(some(i => ['a', `${i}`]), new arrow.List(new Field('item', new Utf8(), true))),
    [`${name}_struct`]: make(some(i => ({ x: i, y: `${i}` })), new arrow.Struct([new Field('x', new Int32(), true), new Field('y', new Utf8(), true)])),
    [`${name}_fixed`]: make(some(i => [i, i + 1]), new arrow.FixedSizeList(2, new Field('item', new Float64(), true))),
    [`${name}_map`]: make(some(i => new Map([['k', i]])), new arrow.Map_(new Field('entries', new arrow.Struct([new Field('key', new Utf8(), false), new Field('value', new Int32(), true)]), false))),
    [`${name}_binary`]: make(some(i => new Uint8Array([i & 255, 1])), new arrow.Binary()),
    [`${name}_decimal`]: make(some(i => new Uint32Array([i, 0, 0, 0])), new arrow.Decimal(2, 20, 128)),
    [`${name}_time`]: make(some(i => i), new arrow.TimeSecond()),
    [`${name}_duration`]: make(some(i => BigInt(i)), new arrow.DurationMillisecond()),
    [`${name}_codes`]: make(some(i => [`${i % 3}`]), new arrow.List(new Field('item', coded, true))),
  };
}

writeFileSync(to, library === 'polars' ? await polars() : await js(library === 'js-nested'));
