using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChurnEngine.Columns;

namespace ChurnEngine.OnnxBackend;

/// <summary>Remembers the best block size of a model on a machine, in a small file of the user's cache.</summary>
/// <remarks>Nothing depends on it but speed: a file that is not there, is broken or cannot be written is passed over in silence, and a broken one is replaced by the next finding.</remarks>
/// <param name="folder">Where the file lies; null keeps nothing.</param>
/// <param name="subject">What the finding holds for.</param>
internal sealed class BlockMemory(string? folder, BlockSubject subject)
{
    private const int LongestFile = 4096;

    /// <summary>The file; null keeps nothing.</summary>
    public string? Path { get; } = folder is null ? null
        : System.IO.Path.Combine(folder, "onnx-blocks", $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{subject.Model}\n{subject.Machine}\n{subject.Runtime}")))[..16]}.json");

    /// <summary>What an earlier run found; null for nothing that can be used.</summary>
    public MeasuredBlock? Read()
    {
        try
        {
            // A file of another size is none of ours, and perhaps none that ends.
            if (Path is null || PathKinds.Of(Path) != PathKind.File || new FileInfo(Path).Length > LongestFile)
                return null;
            BlockRecord? record = JsonSerializer.Deserialize(File.ReadAllBytes(Path), BlockJson.Default.BlockRecord);
            return record is not null && record.Subject == subject && BlockSize.Sizes.Contains(record.Rows) && BlockSize.Sizes.Contains(record.UpTo) && record.Rows <= record.UpTo
                ? new MeasuredBlock(record.Rows, record.UpTo)
                : null;
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Keeps a finding.</summary>
    public void Write(MeasuredBlock finding)
    {
        if (Path is null)
            return;
        try
        {
            AtomicFile.WriteText(Path, JsonSerializer.Serialize(new BlockRecord(subject, finding.Rows, finding.UpTo), BlockJson.Default.BlockRecord) + "\n");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next run measures again.
        }
    }
}

/// <summary>What a block size was measured for: it holds for nothing else.</summary>
/// <param name="Model">Version of the model.</param>
/// <param name="Machine">Processor and its cores.</param>
/// <param name="Runtime">Version of ONNX Runtime.</param>
internal sealed record BlockSubject(string Model, string Machine, string Runtime)
{
    /// <summary>The processor that this process runs on, as the system names it, and how many cores the process may use.</summary>
    public static string ThisMachine { get; } = $"{ProcessorName()}, {Environment.ProcessorCount} cores";

    private static string ProcessorName()
    {
        const string Source = "/proc/cpuinfo";
        try
        {
            return File.Exists(Source) && File.ReadLines(Source).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
                ? line[(line.IndexOf(':') + 1)..].Trim()
                : System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}

/// <summary>The file.</summary>
internal sealed record BlockRecord(BlockSubject Subject, int Rows, int UpTo);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BlockRecord))]
internal sealed partial class BlockJson : JsonSerializerContext;
