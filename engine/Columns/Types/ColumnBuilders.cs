using System.Text;

namespace ChurnEngine.Columns;

/// <summary>Builds a column row by row; for edges and tests, not for hot loops.</summary>
public abstract class ColumnBuilder : IDisposable
{
    private GrowingBuffer<byte>? _validity;

    /// <summary>Rows appended so far.</summary>
    public int Length { get; private set; }

    /// <summary>Appends a null.</summary>
    public void AppendNull()
    {
        if (_validity is null)
        {
            _validity = new GrowingBuffer<byte>(Bitmap.ByteLength(Length) + 16);
            _validity.AppendUninitialised(Bitmap.ByteLength(Length)).Fill(0xFF);
            if ((Length & 7) != 0)
                _validity[Length >>> 3] = (byte)((1 << (Length & 7)) - 1);
        }
        AppendDefault();
        Advance(valid: false);
    }

    /// <summary>Hands over the column; the builder is empty and disposed afterwards.</summary>
    public abstract Column Build();

    /// <inheritdoc/>
    public void Dispose()
    {
        _validity?.Dispose();
        DisposeData();
        GC.SuppressFinalize(this);
    }

    private protected abstract void AppendDefault();

    private protected abstract void DisposeData();

    private protected void Advance(bool valid)
    {
        if (_validity is not null)
        {
            if (Bitmap.ByteLength(Length + 1) > _validity.Length)
                _validity.Append((byte)0);
            Bitmap.Set(_validity.Span, Length, valid);
        }
        Length++;
    }

    private protected NativeBuffer<byte>? FinishValidity()
    {
        NativeBuffer<byte>? validity = _validity?.Finish();
        _validity = null;
        Length = 0;
        return validity;
    }
}

/// <summary>Builds a column of fixed-width values.</summary>
/// <typeparam name="T">The layout of the type.</typeparam>
public sealed class PrimitiveBuilder<T>(ColumnType type) : ColumnBuilder where T : unmanaged
{
    private readonly ColumnType _type = PrimitiveLayout.Matches<T>(type)
        ? type
        : throw new ArgumentException($"{typeof(T).Name} is not the layout of {type}", nameof(type));

    private readonly GrowingBuffer<T> _values = new();

    /// <summary>Appends one value.</summary>
    public void Append(T value)
    {
        _values.Append(value);
        Advance(valid: true);
    }

    /// <inheritdoc/>
    public override PrimitiveColumn<T> Build()
    {
        int length = Length;
        return new PrimitiveColumn<T>(_type, _values.Finish(), length, FinishValidity());
    }

    private protected override void AppendDefault() => _values.Append(default(T));

    private protected override void DisposeData() => _values.Dispose();
}

/// <summary>Builds a column of booleans.</summary>
public sealed class BooleanBuilder : ColumnBuilder
{
    private readonly GrowingBuffer<byte> _bits = new();

    /// <summary>Appends one value.</summary>
    public void Append(bool value)
    {
        Grow(value);
        Advance(valid: true);
    }

    /// <inheritdoc/>
    public override BooleanColumn Build()
    {
        int length = Length;
        return new BooleanColumn(_bits.Finish(), length, FinishValidity());
    }

    private protected override void AppendDefault() => Grow(false);

    private protected override void DisposeData() => _bits.Dispose();

    private void Grow(bool value)
    {
        if (Bitmap.ByteLength(Length + 1) > _bits.Length)
            _bits.Append((byte)0);
        Bitmap.Set(_bits.Span, Length, value);
    }
}

/// <summary>Builds a column of UTF-8 text.</summary>
public sealed class Utf8Builder : ColumnBuilder
{
    private readonly GrowingBuffer<int> _offsets = new();
    private readonly GrowingBuffer<byte> _bytes = new();

    /// <summary>Starts empty.</summary>
    public Utf8Builder() => _offsets.Append(0);

    /// <summary>Appends text that is UTF-8 already.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        _bytes.Append(utf8);
        _offsets.Append(checked((int)_bytes.Length));
        Advance(valid: true);
    }

    /// <summary>Appends a text; null appends a null.</summary>
    public void Append(string? text)
    {
        if (text is null)
        {
            AppendNull();
            return;
        }
        Encoding.UTF8.GetBytes(text, _bytes.AppendUninitialised(Encoding.UTF8.GetByteCount(text)));
        _offsets.Append(checked((int)_bytes.Length));
        Advance(valid: true);
    }

    /// <inheritdoc/>
    public override Utf8Column Build()
    {
        int length = Length;
        return new Utf8Column(_offsets.Finish(), _bytes.Finish(), length, FinishValidity());
    }

    private protected override void AppendDefault() => _offsets.Append(checked((int)_bytes.Length));

    private protected override void DisposeData()
    {
        _offsets.Dispose();
        _bytes.Dispose();
    }
}

/// <summary>Builds a dictionary column; codes follow the order of first appearance.</summary>
public sealed class DictionaryBuilder : ColumnBuilder
{
    private readonly GrowingBuffer<int> _codes = new();
    private readonly Dictionary<string, int> _codeByText = new(StringComparer.Ordinal);
    private readonly Utf8Builder _dictionary = new();

    /// <summary>Appends a text; null appends a null.</summary>
    public void Append(string? text)
    {
        if (text is null)
        {
            AppendNull();
            return;
        }
        if (!_codeByText.TryGetValue(text, out int code))
        {
            code = _codeByText.Count;
            _codeByText.Add(text, code);
            _dictionary.Append(text);
        }
        _codes.Append(code);
        Advance(valid: true);
    }

    /// <inheritdoc/>
    public override DictionaryColumn Build()
    {
        int length = Length;
        return new DictionaryColumn(_codes.Finish(), _dictionary.Build(), length, FinishValidity());
    }

    private protected override void AppendDefault() => _codes.Append(0);

    private protected override void DisposeData()
    {
        _codes.Dispose();
        _dictionary.Dispose();
    }
}
