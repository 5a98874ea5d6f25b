using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Names of <c>train: { calibration: ... }</c> and <c>--calibration</c>.</summary>
public static class CalibrationNames
{
    /// <summary>Chooses by out-of-fold log-loss.</summary>
    public const string Auto = "auto";

    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<string> All { get; } = [Auto, .. Enum.GetValues<CalibrationKind>().Where(kind => kind != CalibrationKind.None).Append(CalibrationKind.None).Select(kind => kind.NameOf())];

    /// <summary>The kind of a name; null for auto.</summary>
    internal static CalibrationKind? Find(string name) => name == Auto ? null : Enum.GetValues<CalibrationKind>().Single(kind => kind.NameOf() == name);
}
