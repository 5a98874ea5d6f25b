using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Conversion;

/// <summary>A validity bitmap that is allocated with the first null.</summary>
internal sealed class ValidityMaker(int rows) : IDisposable
{
    private NativeBuffer<byte>? _bitmap;

    /// <summary>Makes a row null; all others are valid.</summary>
    public void SetNull(int row)
    {
        if (_bitmap is null)
        {
            _bitmap = NativeBuffer<byte>.Allocate(Bitmap.ByteLength(rows));
            _bitmap.Span.Fill(0xFF);
        }
        Bitmap.Set(_bitmap.Span, row, false);
    }

    /// <summary>Hands the bitmap over; null when no row is null.</summary>
    public NativeBuffer<byte>? Finish()
    {
        NativeBuffer<byte>? bitmap = _bitmap;
        _bitmap = null;
        return bitmap;
    }

    /// <inheritdoc/>
    public void Dispose() => _bitmap?.Dispose();
}
