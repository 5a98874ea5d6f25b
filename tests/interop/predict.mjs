// Runs an exported model in a JavaScript runtime.
//   node predict.mjs onnxruntime-node|onnxruntime-web MODEL ROWS FEATURES OUT
// ROWS holds N * FEATURES float32, little-endian; OUT gets the outputs of the model one after the other: N probabilities and then N margins, or N values.
import { readFile, writeFile } from 'node:fs/promises';

const [runtime, modelPath, rowsPath, featureCount, outPath] = process.argv.slice(2);
const ort = await import(runtime);
if (runtime === 'onnxruntime-web') {
  ort.env.wasm.numThreads = 1;
}

const bytes = await readFile(rowsPath);
const rows = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const session = await ort.InferenceSession.create(await readFile(modelPath), { intraOpNumThreads: 1 });
const features = new ort.Tensor('float32', rows, [rows.length / Number(featureCount), Number(featureCount)]);
const results = await session.run({ features });
const outputs = 'value' in results ? [results.value] : [results.probability, results.margin];

await writeFile(outPath, Buffer.concat(outputs.map(t => Buffer.from(t.data.buffer, t.data.byteOffset, t.data.byteLength))));
console.log(`${runtime} ${ort.env.versions?.node ?? ort.env.versions?.web ?? ort.env.versions?.common}: ${outputs.map(t => t.dims).join(' ')}`);
process.exit(0);
