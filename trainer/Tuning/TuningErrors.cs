using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Errors of searches, selection and resampling, CE4033 to CE4049.</summary>
internal static class TuningErrors
{
    public static ChurnConfigException BadTrials(int trials) => new(new(4033), "the number of trials is out of range")
    {
        Expected = "1 or more",
        Actual = trials.ToString(CultureInfo.InvariantCulture),
        Hint = "40 is usual; --trials 0 searches for nothing",
    };

    public static ChurnDataException NoWeightColumn(string column, IEnumerable<string> features) => new(new(4034), $"there is no numeric feature '{column}' to weigh customers by")
    {
        Hint = $"{Suggestion.Sentence(column, features)} the weight must be a feature of the plan, or a column of the table",
    };

    public static ChurnDataException NoPositiveWeight(string column) => new(new(4035), $"feature '{column}' is above 0 for no customer that is trained on")
    {
        Expected = "a value in money, or another size, of at least some",
        Hint = "weigh by another feature, or leave `imbalance` out",
    };
}
