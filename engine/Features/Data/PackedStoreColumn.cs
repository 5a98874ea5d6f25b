using System.Numerics;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Whole numbers in as few bytes as those of the block allow.</summary>
/// <param name="frame">Of all values; of fewer bytes than they have.</param>
/// <param name="packed">[rows] packed values.</param>
internal sealed unsafe class PackedStoreColumn<T>(NumberFrame frame, NativeBuffer<byte> packed) : StoreColumn<T> where T : unmanaged, IBinaryInteger<T>
{
    private readonly NumberFrame _frame = frame;

    public override ColumnForm Form => ColumnForm.Packed(_frame);

    public byte* Pointer => packed.Pointer;

    public override T this[int row]
    {
        get => T.CreateTruncating(_frame.Unpack(_frame.Bytes switch
        {
            1 => packed.Pointer[row],
            2 => ((ushort*)packed.Pointer)[row],
            _ => ((uint*)packed.Pointer)[row],
        }));
        set
        {
            uint number = _frame.Pack(long.CreateTruncating(value));
            switch (_frame.Bytes)
            {
                case 1: packed.Pointer[row] = (byte)number; break;
                case 2: ((ushort*)packed.Pointer)[row] = (ushort)number; break;
                default: ((uint*)packed.Pointer)[row] = number; break;
            }
        }
    }

    public override void CopyTo(int first, Span<T> rows) => _frame.Unpack(packed.Pointer, first, rows);

    public override void MoveTo(SpillFile file) => packed.MoveTo(file);

    public override void Rest() => packed.Rest();

    public override void WriteTo(BlockFileWriter file) => file.Write(packed);

    public override void Dispose() => packed.Dispose();

    public void PlaceValues(T[] values, ReadOnlySpan<int> from, ReadOnlySpan<int> to) => Place(values, from, to);

    protected override void Place(T[] values, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        switch (_frame.Bytes)
        {
            case 1: Pack(values, from, to, packed.Pointer); break;
            case 2: Pack(values, from, to, (ushort*)packed.Pointer); break;
            default: Pack(values, from, to, (uint*)packed.Pointer); break;
        }
    }

    private void Pack<TPacked>(T[] values, ReadOnlySpan<int> from, ReadOnlySpan<int> to, TPacked* target) where TPacked : unmanaged, IBinaryInteger<TPacked>
    {
        NumberFrame frame = _frame;
        if (frame is { Unit: 1, HasMissing: false })
        {
            for (int i = 0; i < from.Length; i++)
                target[to[i]] = TPacked.CreateTruncating(long.CreateTruncating(values[from[i]]) - frame.Base);
            return;
        }
        for (int i = 0; i < from.Length; i++)
            target[to[i]] = TPacked.CreateTruncating(frame.Pack(long.CreateTruncating(values[from[i]])));
    }
}
