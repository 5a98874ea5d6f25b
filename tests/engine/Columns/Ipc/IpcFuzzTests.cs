using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using ChurnEngine.Columns.Tests.Interop;
using static ChurnEngine.Columns.Tests.Ipc.WireSample;

namespace ChurnEngine.Columns.Tests.Ipc;

/// <summary>Damages valid files in every way it can think of: what comes is a batch or a <see cref="ChurnDataException"/>, and nothing stays allocated.</summary>
/// <remarks>CHURN_FUZZ_SECONDS=600 runs it longer, CHURN_FUZZ_SEED from another start; a failure names the seed that makes it again.</remarks>
[Collection(NativeMemoryGroup.Name)]
public sealed class IpcFuzzTests
{
    private const int DefaultSeconds = 8;
    private const long MostBytesAtOnce = 64L << 20;
    private static readonly long[] s_hostile = [0, 1, -1, 7, 8, 64, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 40];

    [Fact]
    public void DamagedBytes_NeverCrash()
    {
        int seconds = Setting("CHURN_FUZZ_SECONDS", DefaultSeconds);
        int firstSeed = Setting("CHURN_FUZZ_SEED", 1);
        (byte[] Bytes, bool IsFile)[] samples = [.. Samples()];
        long before = NativeLedger.LiveBuffers;
        var clock = Stopwatch.StartNew();
        (int seed, int refused) = (firstSeed, 0);
        for (; clock.Elapsed.TotalSeconds < seconds; seed++)
        {
            (byte[] bytes, bool isFile) = samples[seed % samples.Length];
            byte[] damaged = Damage(bytes, new Random(seed));
            try
            {
                ReadEverything(damaged, isFile, seed % 3 == 0);
            }
            catch (ChurnDataException)
            {
                refused++;
            }
            catch (Exception other)
            {
                Assert.Fail($"CHURN_FUZZ_SEED={seed}: {other}");
            }
            Assert.True(before == NativeLedger.LiveBuffers, $"CHURN_FUZZ_SEED={seed}: {NativeLedger.LiveBuffers - before} buffers are left");
        }
        Assert.True(NativeLedger.PeakBytes < MostBytesAtOnce, "more was allocated than any sample holds");
        TestContext.Current.SendDiagnosticMessage($"{seed - firstSeed} damaged inputs, {refused} refused");
        Assert.True(refused > (seed - firstSeed) / 10, $"only {refused} of {seed - firstSeed} were refused: is the damage real?");
        Assert.True(seed - firstSeed > 100);
    }

    private static void ReadEverything(byte[] bytes, bool isFile, bool asPipe)
    {
        if (isFile && !asPipe)
        {
            using ArrowFileReader file = IpcBytes.OpenFile(bytes);
            for (int i = 0; i < Math.Min(file.BatchCount, 100); i++)
                Touch(file.Read(i));
            return;
        }
        using var stream = new ArrowStreamReader(asPipe ? new Pipe(bytes) : new MemoryStream(bytes));
        foreach (RecordBatch batch in stream.ReadAll())
            Touch(batch);
    }

    // Every value is read, so that a column that looks outside its memory is found out here, and written again.
    private static void Touch(RecordBatch batch)
    {
        using (batch)
        {
            if (batch.Columns.Count > 0)
                IpcBytes.Stream(batch.Schema, batch);
            foreach (Column column in batch.Columns)
            {
                for (int row = 0; row < Math.Min(batch.Length, 100_000); row++)
                {
                    switch (column)
                    {
                        case Utf8Column text: text.GetBytes(row); break;
                        case DictionaryColumn coded: coded.Dictionary.GetBytes(coded.Codes[row]); break;
                        case BooleanColumn flags: _ = flags[row]; break;
                        default: column.IsNull(row); break;
                    }
                }
            }
        }
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        int times = 1 + random.Next(random.Next(3) == 0 ? 8 : 2);
        for (int i = 0; i < times && bytes.Length > 8; i++)
        {
            // Metadata are few among many zeros of padding, so most of the damage goes where something stands.
            int at = random.Next(bytes.Length - 7);
            for (int tries = 0; tries < 8 && bytes[at] == 0; tries++)
                at = random.Next(bytes.Length - 7);
            switch (random.Next(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)s_hostile[random.Next(s_hostile.Length)]); break;
                case 3: BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at & ~3), (int)s_hostile[random.Next(s_hostile.Length)]); break;
                case 4: BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at & ~7), s_hostile[random.Next(s_hostile.Length)]); break;
                case 5: BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at & ~3), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at & ~3)) + random.Next(-9, 10)); break;
                case 6: bytes = bytes[..at]; break;
                default:
                    int length = Math.Min(random.Next(64), bytes.Length - at);
                    bytes.AsSpan(random.Next(bytes.Length - length), length).CopyTo(bytes.AsSpan(at));
                    break;
            }
        }
        return bytes;
    }

    private static IEnumerable<(byte[], bool)> Samples()
    {
        using RecordBatch small = EveryType.Batch(7), large = EveryType.Batch(300), empty = EveryType.Batch(0);
        yield return (IpcBytes.Stream(EveryType.Schema, small, empty, large), false);
        yield return (IpcBytes.File(EveryType.Schema, small, empty, large), true);
        foreach (ColumnType type in Enum.GetValues<ColumnType>())
        {
            int index = EveryType.Schema.IndexOf(type.ToString());
            var schema = new Schema(EveryType.Schema.Fields[index] with { Metadata = new Dictionary<string, string> { ["unit"] = "days" } });
            using var alone = new RecordBatch(schema, [small.Columns[index].CopyRows(0, 7)], 7);
            yield return (IpcBytes.Stream(schema, alone, alone), false);
            yield return (IpcBytes.File(schema, alone), true);
        }
        byte[] text = "a text of more than twelve bytes"u8.ToArray();
        byte[] views = [.. ForeignTypeTests.Inline("short"), .. ForeignTypeTests.Outside(text, 0, 2, 20), .. ForeignTypeTests.Outside(text, 0, 0, 32)];
        yield return (new WireSample().Schema(WireType.Utf8View).Batch(new BatchShape { Rows = 3, Nodes = [3, 1], VariadicCounts = [1] }, [0b101], views, text).End().Bytes, false);
        yield return (new WireSample { Legacy = true }.Schema(WireType.LargeUtf8).Batch(2, 0, [], Of(0L, 3L, 5L), "abcde"u8.ToArray()).End().Bytes, false);
        foreach (WireType type in new[] { WireType.Int(8, false), WireType.Int(16, false), WireType.Int(32, false), WireType.Int(64, false), WireType.Float(0), WireType.Timestamp(0), WireType.Timestamp(3) })
            yield return (new WireSample().Schema(type).Batch(4, 1, [0b1011], Of(1L, 2L, 3L, 4L)).End().Bytes, false);
        foreach (int bits in new[] { 8, 16, 64 })
            yield return (new WireSample().Schema(WireType.Utf8, WireType.Int(bits, false)).Dictionary(7, 2, false, [], Of(0, 1, 3), "abc"u8.ToArray()).Batch(2, 1, [0b10], Of(0L, 1L)).End().Bytes, false);
    }

    private static int Setting(string name, int absent) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : absent;
}
