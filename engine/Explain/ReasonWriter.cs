namespace ChurnEngine.Explain;

/// <summary>How reasons are chosen.</summary>
public sealed record ReasonOptions
{
    /// <summary>The most reasons a row gets, 1 and up.</summary>
    public int Count { get; init; } = 3;

    /// <summary>Whether they say why the risk is high or why it is low.</summary>
    public ReasonDirection Direction { get; init; } = ReasonDirection.Raises;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: ArgumentOutOfRangeException.</remarks>
    public void Validate() => ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1);
}

/// <summary>Turns the contributions of a row into the few reasons worth telling. Thread-safe.</summary>
/// <remarks>Features of one family tell one fact: their contributions are summed, and the member that moves the risk most speaks. Sensitive features are never chosen.</remarks>
public sealed class ReasonWriter
{
    private const int StackFamilies = 256;

    private readonly ReasonOptions _options;
    private readonly int _families;
    private readonly int _features;

    /// <summary>Prepares to choose.</summary>
    /// <param name="book">Families and words.</param>
    /// <param name="options">How many reasons, and in which direction.</param>
    public ReasonWriter(ReasonBook book, ReasonOptions options)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (Book, _options, _families, _features) = (book, options, book.FamilyCount, book.Features.Count);
    }

    /// <summary>Families and words.</summary>
    public ReasonBook Book { get; }

    /// <summary>Chooses the reasons of one row as numbers, for output columns.</summary>
    /// <param name="contributions">[F] log-odds, finite.</param>
    /// <param name="speakers">[k] filled with the feature that speaks for each family chosen, strongest family first; ties in feature order.</param>
    /// <param name="sums">[k] filled with the log-odds of each family.</param>
    /// <returns>How many were filled: at most the lengths and <see cref="ReasonOptions.Count"/>; fewer when fewer families move the risk that way.</returns>
    /// <remarks>Memory: the stack, up to 256 families. Errors: ArgumentException when the lengths do not fit.</remarks>
    public int Choose(ReadOnlySpan<double> contributions, Span<int> speakers, Span<double> sums)
    {
        if (contributions.Length != _features || speakers.Length != sums.Length)
            throw new ArgumentException($"{contributions.Length} contributions for {_features} features, room for {speakers.Length} and {sums.Length}", nameof(contributions));
        Span<double> total = _families <= StackFamilies ? stackalloc double[_families] : new double[_families];
        Span<int> strongest = _families <= StackFamilies ? stackalloc int[_families] : new int[_families];
        double sign = _options.Direction == ReasonDirection.Raises ? 1 : -1;
        Sum(contributions, sign, total, strongest);
        int wanted = Math.Min(speakers.Length, _options.Count), found = 0;
        while (found < wanted)
        {
            int best = -1;
            for (int family = 0; family < _families; family++)
            {
                if (strongest[family] >= 0 && sign * total[family] > 0 && (best < 0 || sign * total[family] > sign * total[best]))
                    best = family;
            }
            if (best < 0)
                break;
            (speakers[found], sums[found]) = (strongest[best], total[best]);
            strongest[best] = -1;
            found++;
        }
        return found;
    }

    /// <summary>All reasons of one row, of both directions, in words.</summary>
    /// <param name="book">Families and words.</param>
    /// <param name="row">[F] values, NaN where missing.</param>
    /// <param name="contributions">[F] log-odds, finite.</param>
    /// <remarks>Memory: the reasons and their texts. Errors: ArgumentException when the lengths are not F.</remarks>
    public static RowReasons All(ReasonBook book, ReadOnlySpan<float> row, ReadOnlySpan<double> contributions)
    {
        ArgumentNullException.ThrowIfNull(book);
        if (row.Length != book.Features.Count || contributions.Length != row.Length)
            throw new ArgumentException($"a row of {row.Length} values and {contributions.Length} contributions for {book.Features.Count} features", nameof(row));
        double[] total = new double[book.FamilyCount];
        int[] raising = new int[total.Length], lowering = new int[total.Length], members = new int[total.Length];
        new ReasonWriter(book, new ReasonOptions()).Sum(contributions, 1, total, raising);
        new ReasonWriter(book, new ReasonOptions()).Sum(contributions, -1, total, lowering);
        double notTold = 0;
        int features = 0;
        for (int feature = 0; feature < row.Length; feature++)
        {
            if (book.FamilyOf(feature) is >= 0 and int family)
                members[family]++;
            else
                (notTold, features) = (notTold + contributions[feature], features + 1);
        }
        var text = new Utf8Text();
        List<Reason> told = [];
        for (int family = 0; family < total.Length; family++)
        {
            if (total[family] == 0)
                continue;
            bool raises = total[family] > 0;
            int speaker = raises ? raising[family] : lowering[family];
            text.Clear();
            book.SentenceOf(speaker).Write(text, row[speaker], raises ? ReasonDirection.Raises : ReasonDirection.Lowers);
            told.Add(new Reason(book.FamilyName(family), speaker, text.ToString(), total[family], members[family]));
        }
        return new RowReasons([.. told.OrderByDescending(reason => Math.Abs(reason.Contribution)).ThenBy(reason => reason.Feature)], notTold, features);
    }

    private void Sum(ReadOnlySpan<double> contributions, double sign, Span<double> total, Span<int> strongest)
    {
        total.Clear();
        strongest.Fill(-1);
        for (int feature = 0; feature < contributions.Length; feature++)
        {
            int family = Book.FamilyOf(feature);
            if (family < 0)
                continue;
            total[family] += contributions[feature];
            if (strongest[family] < 0 || sign * contributions[feature] > sign * contributions[strongest[family]])
                strongest[family] = feature;
        }
    }
}
