// Runs an exported model in a JavaScript runtime.
//   node predict.mjs onnxruntime-node|onnxruntime-web MODEL ROWS FEATURES OUT
// ROWS holds N * FEATURES float32, little-endian; OUT gets N probabilities and then N margins.
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
const { probability, margin } = await session.run({ features });

await writeFile(outPath, Buffer.concat([probability, margin].map(t => Buffer.from(t.data.buffer, t.data.byteOffset, t.data.byteLength))));
console.log(`${runtime} ${ort.env.versions?.node ?? ort.env.versions?.web ?? ort.env.versions?.common}: ${probability.dims} ${margin.dims}`);
process.exit(0);
