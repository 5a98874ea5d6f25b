using System.Security.Cryptography;
using System.Text;

namespace ChurnEngine.Models;

/// <summary>The SHA-256 over everything else in the file, kept in the file as its last metadata property.</summary>
/// <remarks>
/// Fields are written in the order of their numbers, so the last property of the model is the end of the file, and anyone can
/// check it without parsing: the last 64 bytes are the hash, in lower-case hexadecimal, of all bytes before them.
/// <code>
///   ... graph, opset_import, metadata_props | 72 50 | 0a 0c churn.sha256 | 12 40 | 64 hex digits
///   `------------------------- hashed ----------------------------------------' `--- the seal --'
/// </code>
/// </remarks>
internal static class FileSeal
{
    public const int Digits = 64;

    // metadata_props (field 14) of 80 bytes: key (field 1) of 12 bytes, value (field 2) of 64 bytes.
    private static readonly byte[] Marker = [0x72, 80, 0x0a, (byte)OnnxNames.SealKey.Length, .. Encoding.ASCII.GetBytes(OnnxNames.SealKey), 0x12, Digits];

    /// <summary>What stands in the place of the hash while the file is being built.</summary>
    public static string Placeholder { get; } = new('0', Digits);

    /// <summary>True when the file ends as a sealed file does, whether or not the hash is right.</summary>
    public static bool IsPresent(ReadOnlySpan<byte> file) =>
        file.Length >= Marker.Length + Digits && file[..^Digits].EndsWith(Marker);

    /// <summary>Replaces the placeholder by the hash.</summary>
    public static void Write(Span<byte> file) => Compute(file).CopyTo(file[^Digits..]);

    /// <summary>The hash in the file and the hash of the file.</summary>
    public static (string Stated, string Actual) Read(ReadOnlySpan<byte> file) =>
        (Encoding.Latin1.GetString(file[^Digits..]), Encoding.ASCII.GetString(Compute(file)));

    private static byte[] Compute(ReadOnlySpan<byte> file) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(file[..^Digits])));
}
