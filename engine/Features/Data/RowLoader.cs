using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Turns batches of one table into runs; kinds and conditions become class codes on the way. One a thread; what a row becomes depends on the row alone.</summary>
internal sealed class RowLoader : IDisposable
{
    // What becomes of rows of a kind: not known yet, they mean churn, or they are stored; then the last bit says whether they are kept, and the upper ones their class.
    private const int Unknown = 0, Label = 1, Stored = 2, FateBits = 2;
    private readonly TableLayout _layout;
    private readonly TableColumns _columns;
    private readonly StoreShape _shape;
    private readonly KeyReader _keys;
    private readonly Utf8Index _kinds = new();
    private readonly ConditionBits _conditions;
    private readonly NumberReader _numbers;
    private readonly InstantReader _instants;
    private readonly RunWriter _rows;
    private readonly RunWriter? _labelRows;
    private readonly Utf8Index[] _texts;
    private readonly TransformedIdentity[] _identities;
    private readonly bool[] _kindSeen;
    private readonly int[] _fateByKind;
    private long[] _codes = [];
    private byte[] _buckets = [];
    private bool[] _isBlank = [];
    private int[] _kindCodes = [];
    private int[] _kept = [];
    private int[] _labels = [];
    private ushort[] _classes = [];
    private long[] _wide = [];
    private int[] _narrow = [];

    /// <param name="load">What it is part of.</param>
    /// <param name="number">Its number there, which its runs carry.</param>
    /// <param name="finished">Takes finished runs.</param>
    /// <param name="finishedLabels">Takes finished runs of rows that mean churn.</param>
    public RowLoader(TableLoad load, int number, Action<TableRun> finished, Action<TableRun> finishedLabels)
    {
        (_layout, _columns, _shape) = (load.Layout, load.Columns, load.Shape);
        _keys = KeyReader.For(load.KeyType);
        foreach (string kind in _layout.Kinds)
            _kinds.GetOrAdd(kind);
        _kindSeen = new bool[_layout.Kinds.Length];
        _fateByKind = new int[_layout.Kinds.Length + 1];
        Classes = new ClassCodes(_layout);
        _numbers = new NumberReader(_layout, _columns);
        _instants = new InstantReader(_layout.Table, _columns, load.ExtractAt);
        _conditions = new ConditionBits(_layout, _columns);
        _texts = [.. _layout.Texts.Select(_ => new Utf8Index())];
        _identities = [.. _layout.Identities.Select(identity => new TransformedIdentity(identity.Function))];
        _rows = new RunWriter(_shape, number, finished);
        _labelRows = _layout.HasLabelEvents ? new RunWriter(load.LabelShape, number, finishedLabels) : null;
    }

    public ClassCodes Classes { get; }

    public InstantReader Instants => _instants;

    public NumberReader Numbers => _numbers;

    public IReadOnlyList<Utf8Index> Texts => _texts;

    public Utf8Index? KeyTexts => _keys.Texts;

    public long BlankKeys { get; private set; }

    /// <summary>Whether the kind at a position of the layout occurred.</summary>
    public bool HasSeen(int kind) => _kindSeen[kind];

    /// <summary>Kinds that occurred and the plan does not name.</summary>
    public IEnumerable<string> OtherKinds => Enumerable.Range(_layout.Kinds.Length, _kinds.Count - _layout.Kinds.Length).Select(_kinds.TextOf);

    /// <summary>Takes a batch.</summary>
    /// <param name="batch">Columns of the contract.</param>
    /// <param name="sequence">Its place among the table's batches.</param>
    public void Append(RecordBatch batch, long sequence)
    {
        int rows = batch.Length;
        Resize(rows);
        _isBlank.AsSpan(0, rows).Clear();
        bool anyBlank = _keys.Read(batch.Columns[0], _codes.AsSpan(0, rows), _buckets.AsSpan(0, rows), _isBlank.AsSpan(0, rows));
        _instants.Read(batch);
        _numbers.Read(batch, sequence, _instants);
        ReadKinds(batch, rows);
        ReadOnlySpan<ulong> conditions = _conditions.Read(batch, _numbers, _instants, _kindCodes);
        (int kept, int labels) = Choose(rows, anyBlank, conditions);
        Store(batch, rows, _kept.AsSpan(0, kept));
        if (labels > 0)
        {
            StoreInstants(_labelRows!, rows, _labels.AsSpan(0, labels));
            _labelRows!.Append(_codes.AsSpan(0, rows), _buckets.AsSpan(0, rows), _labels.AsSpan(0, labels));
        }
    }

    /// <summary>Forgets the rows since the last run: part of a batch that failed may be among them.</summary>
    public void Forget()
    {
        _rows.Forget();
        _labelRows?.Forget();
    }

    /// <summary>Hands over the last runs.</summary>
    public void Close()
    {
        _rows.Close();
        _labelRows?.Close();
    }

    /// <summary>Hands over the last runs, and frees the room for more; what was seen stays.</summary>
    public void Finish()
    {
        Close();
        _rows.Dispose();
        _labelRows?.Dispose();
    }

    public void Dispose()
    {
        _keys.Dispose();
        _kinds.Dispose();
        _rows.Dispose();
        _labelRows?.Dispose();
        foreach (Utf8Index text in _texts)
            text.Dispose();
        foreach (TransformedIdentity identity in _identities)
            identity.Dispose();
    }

    private void ReadKinds(RecordBatch batch, int rows)
    {
        Span<int> codes = _kindCodes.AsSpan(0, rows);
        if (_columns.KindIndex < 0 || (_layout.Kinds.Length == 0 && !_conditions.AsksForKind))
        {
            codes.Clear();
            return;
        }
        TextCells.Map(batch.Columns[_columns.KindIndex], _kinds, codes);
        foreach (int code in codes)
        {
            if ((uint)code < (uint)_kindSeen.Length)
                _kindSeen[code] = true;
        }
    }

    private (int Kept, int Labels) Choose(int rows, bool anyBlank, ReadOnlySpan<ulong> conditions)
    {
        int kept = 0, labels = 0, kinds = _layout.Kinds.Length, firstLabel = _layout.FirstLabelKind;
        bool labelHasKinds = firstLabel <= kinds;
        if (conditions.IsEmpty && !anyBlank && (_labelRows is null || labelHasKinds))
            return ChooseByKind(rows);
        for (int row = 0; row < rows; row++)
        {
            if (anyBlank && _isBlank[row])
            {
                BlankKeys++;
                continue;
            }
            int kind = (uint)_kindCodes[row] < (uint)kinds && _columns.KindIndex >= 0 && kinds > 0 ? _kindCodes[row] + 1 : 0;
            ulong met = conditions.IsEmpty ? 0 : conditions[row];
            if (_labelRows is not null && (!labelHasKinds || kind >= firstLabel) && (met & _layout.LabelConditions) == _layout.LabelConditions)
            {
                _labels[labels++] = row;
                continue;
            }
            int code = Classes.Of(new RowClass(kind, met));
            _classes[row] = (ushort)code;
            if (Classes.IsKept(code))
                _kept[kept++] = row;
        }
        return (kept, labels);
    }

    // The same where kinds alone decide: what becomes of a row is looked up, as the processor cannot guess it.
    private (int Kept, int Labels) ChooseByKind(int rows)
    {
        int kept = 0, labels = 0, kinds = _columns.KindIndex >= 0 ? _layout.Kinds.Length : 0;
        ReadOnlySpan<int> kindCodes = _kindCodes.AsSpan(0, rows);
        Span<ushort> classes = _classes.AsSpan(0, rows);
        Span<int> keptRows = _kept.AsSpan(0, rows);
        int[] fates = _fateByKind;
        for (int row = 0; row < kindCodes.Length; row++)
        {
            // Kinds that the plan does not name, and no kind at all, share the last place.
            int kind = (int)Math.Min((uint)kindCodes[row], (uint)kinds), fate = fates[kind];
            if (fate <= Label)
            {
                if (fate == Unknown)
                    fate = fates[kind] = FateOf(kind == kinds ? 0 : kind + 1);
                if (fate == Label)
                {
                    _labels[labels++] = row;
                    continue;
                }
            }
            classes[row] = (ushort)(fate >> FateBits);
            keptRows[kept] = row;
            kept += fate & 1;
        }
        return (kept, labels);
    }

    private int FateOf(int kind)
    {
        if (_labelRows is not null && kind >= _layout.FirstLabelKind)
            return Label;
        int code = Classes.Of(new RowClass(kind, 0));
        return code << FateBits | Stored | (Classes.IsKept(code) ? 1 : 0);
    }

    private void Store(RecordBatch batch, int rows, ReadOnlySpan<int> kept)
    {
        StoreInstants(_rows, rows, kept);
        if (_shape.Class >= 0)
            _rows.Column<ushort>(_shape.Class).AppendGather(_classes.AsSpan(0, rows), kept);
        for (int i = 0; i < _layout.Measures.Count; i++)
            _rows.Column<long>(_shape.Measures + i).AppendGather(_numbers.FixedPoint(i, rows), kept);
        for (int i = 0; i < _layout.KeptNumbers.Count; i++)
            _rows.Column<double>(_shape.Numbers + i).AppendGather(_numbers.Kept(i, rows), kept);
        for (int i = 0; i < _layout.Identities.Count; i++)
        {
            Span<long> identities = _wide.AsSpan(0, rows);
            _identities[i].Read(batch.Columns[_columns.Identities[i]], identities);
            _instants.BlankBefore(_layout.Identities[i].Name, identities, Identity.Missing);
            _rows.Column<long>(_shape.Identities + i).AppendGather(identities, kept);
        }
        for (int i = 0; i < _texts.Length; i++)
        {
            Span<int> codes = _narrow.AsSpan(0, rows);
            TextCells.Map(batch.Columns[_columns.Texts[i]], _texts[i], codes);
            _instants.BlankBefore(_layout.Texts[i].Name, codes, -1);
            _rows.Column<int>(_shape.Texts + i).AppendGather(codes, kept);
        }
        _rows.Append(_codes.AsSpan(0, rows), _buckets.AsSpan(0, rows), kept);
    }

    private void StoreInstants(RunWriter writer, int rows, ReadOnlySpan<int> kept)
    {
        writer.Column<long>(StoreShape.Time).AppendGather(_instants.Time(rows), kept);
        if (_shape.Known >= 0)
            writer.Column<long>(_shape.Known).AppendGather(_instants.Late(rows), kept);
    }

    private void Resize(int rows)
    {
        if (_codes.Length >= rows)
            return;
        (_codes, _buckets, _isBlank) = (new long[rows], new byte[rows], new bool[rows]);
        (_kindCodes, _kept, _labels, _classes) = (new int[rows], new int[rows], new int[rows], new ushort[rows]);
        (_wide, _narrow) = (new long[rows], new int[rows]);
    }
}
