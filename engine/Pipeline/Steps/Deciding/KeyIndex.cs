using System.Numerics;
using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>Finds the row of a customer among the scores. Open addressing; keys are compared, not only their hashes.</summary>
/// <remarks>Memory: 8 to 16 bytes a row. A key that occurs twice keeps its first row.</remarks>
internal sealed class KeyIndex
{
    private readonly ScoreTable _table;
    private readonly int[] _slots;
    private readonly int _mask;

    public KeyIndex(ScoreTable table)
    {
        _table = table;
        _slots = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, Math.Min(2L * table.Rows, 1 << 30)))];
        _mask = _slots.Length - 1;
        for (int b = 0; b < table.Batches.Count; b++)
        {
            Column keys = table.Batches[b].Columns[0];
            for (int i = 0; i < keys.Length; i++)
            {
                int slot = Slot(keys, i, out int row);
                if (row < 0)
                    _slots[slot] = table.FirstRow(b) + i + 1;
            }
        }
    }

    /// <summary>The row of a key, or -1.</summary>
    /// <param name="keys">Column of keys, int64 or text; the other way round than the scores have them is fine.</param>
    /// <param name="at">Row of the column; null is nobody.</param>
    public int Find(Column keys, int at)
    {
        if (keys.IsNull(at))
            return -1;
        Slot(keys, at, out int row);
        return row;
    }

    private int Slot(Column keys, int at, out int row)
    {
        int slot = (int)ScoreTable.HashOf(keys, at) & _mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & _mask)
        {
            row = _slots[slot] - 1;
            if (_table.IsKey(row, keys, at))
                return slot;
        }
        row = -1;
        return slot;
    }
}
