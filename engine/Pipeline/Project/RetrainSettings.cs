using System.Globalization;

namespace ChurnEngine.Pipeline;

/// <summary>When a new model is asked for.</summary>
public enum RetrainKind
{
    /// <summary>Never.</summary>
    Never,
    /// <summary>When monitoring breaks a limit.</summary>
    Alarms,
    /// <summary>When the champion is so many days behind the newest snapshot that has matured.</summary>
    Age,
    /// <summary>Whenever it is asked.</summary>
    Always,
}

/// <summary>When a new model is asked for.</summary>
/// <param name="Kind">By what.</param>
/// <param name="Days">Of <see cref="RetrainKind.Age"/>, 1 and up; else 0.</param>
public sealed record RetrainCondition(RetrainKind Kind, int Days)
{
    private const string Weekly = "weekly", AgeStart = "age:";

    /// <summary>How one is written.</summary>
    public const string Forms = "never, alarms, weekly, always, or an age such as age:30d";

    /// <summary>No training.</summary>
    public static RetrainCondition Never { get; } = new(RetrainKind.Never, 0);

    /// <summary>When a limit is broken.</summary>
    public static RetrainCondition Alarms { get; } = new(RetrainKind.Alarms, 0);

    /// <summary>Reads one; null when it is none.</summary>
    /// <param name="text">One of <see cref="Forms"/>; "alarm" is "alarms".</param>
    public static RetrainCondition? TryParse(string text) => text switch
    {
        "never" => Never,
        "alarms" or "alarm" => Alarms,
        "always" => new RetrainCondition(RetrainKind.Always, 0),
        Weekly => new RetrainCondition(RetrainKind.Age, 7),
        _ when text.StartsWith(AgeStart, StringComparison.Ordinal) && DaysOf(text[AgeStart.Length..]) is > 0 and var days => new RetrainCondition(RetrainKind.Age, days),
        _ => null,
    };

    /// <summary>Days of a text such as 30d; null when it is none.</summary>
    internal static int? DaysOf(string text) =>
        int.TryParse(text.AsSpan(0, text.EndsWith('d') ? text.Length - 1 : text.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days <= 36_500 ? days : null;

    /// <summary>As it is written.</summary>
    public override string ToString() => Kind switch
    {
        RetrainKind.Never => "never",
        RetrainKind.Alarms => "alarms",
        RetrainKind.Always => "always",
        _ => string.Create(CultureInfo.InvariantCulture, $"{AgeStart}{Days}d"),
    };
}

/// <summary>When a challenger is trained, and what becomes of it: section <c>monitor.retrain</c>.</summary>
/// <param name="When">The condition.</param>
/// <param name="MinimumAgeDays">Days that the champion must be behind the newest matured snapshot before anything but <c>always</c> replaces it, 0 and up.</param>
/// <param name="Promote">Whether a challenger that passes the gates is put in charge.</param>
public sealed record RetrainSettings(RetrainCondition When, int MinimumAgeDays, bool Promote)
{
    /// <summary>Used when there is no churn.yaml.</summary>
    public static RetrainSettings Default { get; } = new(RetrainCondition.Never, 0, false);

    internal static RetrainSettings Read(ConfigSection section)
    {
        RetrainCondition when = section.OptionalText("when") is { } text ? RetrainCondition.TryParse(text) ?? throw section.Unusable("when", RetrainCondition.Forms) : Default.When;
        int age = section.OptionalText("minimum_age") is { } days ? RetrainCondition.DaysOf(days) ?? throw section.Unusable("minimum_age", "days, such as 30d") : Default.MinimumAgeDays;
        var settings = new RetrainSettings(when, age, section.Flag("promote", Default.Promote));
        section.Close();
        return settings;
    }
}
