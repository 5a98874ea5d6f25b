using System.Net;

namespace ChurnEngine.Pipeline;

/// <summary>What one request, and all of them together, may take.</summary>
public sealed record ServeLimits
{
    /// <summary>Bytes of a body, at least a kilobyte.</summary>
    public int BodyBytes { get; init; } = 10 << 20;

    /// <summary>Rows of one table of one customer.</summary>
    public int Events { get; init; } = 100_000;

    /// <summary>Customers of one batch.</summary>
    public int Customers { get; init; } = 1_000;

    /// <summary>Seconds in which a body must have come.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>Requests that are worked on at once; more are asked to come again.</summary>
    public int InFlight { get; init; } = 256;

    /// <summary>Seconds that requests under way get when the service is told to stop.</summary>
    public int DrainSeconds { get; init; } = 30;

    internal static ServeLimits Read(ConfigSection section)
    {
        ServeLimits d = new();
        var limits = new ServeLimits
        {
            BodyBytes = (int)(1024 * section.Within("body_kb", d.BodyBytes / 1024, "a number of kilobytes, 1 to 1048576", kb => kb is >= 1 and <= 1_048_576)),
            Events = section.AtLeast("events", 1, d.Events),
            Customers = section.AtLeast("customers", 1, d.Customers),
            Seconds = section.AtLeast("seconds", 1, d.Seconds),
            InFlight = section.AtLeast("in_flight", 1, d.InFlight),
            DrainSeconds = section.AtLeast("drain_seconds", 0, d.DrainSeconds),
        };
        section.Close();
        return limits;
    }
}

/// <summary>Where predictions are written down, and for how long.</summary>
/// <param name="Folder">A folder; null: nowhere.</param>
/// <param name="RotateMegabytes">A journal becomes a Parquet file when it is that large.</param>
/// <param name="RotateMinutes">The same when it is that old.</param>
/// <param name="KeepDays">Parquet files older than that are deleted; 0: never.</param>
public sealed record PredictionLogSettings(string? Folder, int RotateMegabytes = 64, int RotateMinutes = 60, int KeepDays = 90)
{
    /// <summary>Name of the folder beside churn.yaml where nothing is said.</summary>
    public const string DefaultFolder = "predictions";

    internal static PredictionLogSettings Read(ConfigSection section, string folder)
    {
        var d = new PredictionLogSettings(Folder: null);
        var settings = new PredictionLogSettings(Path.GetFullPath(section.Text("folder", DefaultFolder), folder), section.AtLeast("rotate_mb", 1, d.RotateMegabytes), section.AtLeast("rotate_minutes", 1, d.RotateMinutes), section.AtLeast("keep_days", 0, d.KeepDays));
        section.Close();
        return settings;
    }
}

/// <summary>How a model is served: section <c>serve</c>; paths are absolute.</summary>
public sealed record ServeSettings
{
    /// <summary>Used when there is no churn.yaml: nothing is logged.</summary>
    public static ServeSettings Default { get; } = new();

    /// <summary>Address and port.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>An alias, a version or a file; null: the command line says.</summary>
    public string? Model { get; init; }

    /// <summary>Online feature store; null for none.</summary>
    public string? Online { get; init; }

    /// <summary>File of API keys; null: those of the environment.</summary>
    public string? Keys { get; init; }

    /// <summary>Certificate for TLS, PEM or PFX; null: plain HTTP.</summary>
    public string? Certificate { get; init; }

    /// <summary>Key of a PEM certificate; null: it is in the same file.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Seconds between two looks at the registry.</summary>
    public double PollSeconds { get; init; } = 1;

    /// <summary>Limits.</summary>
    public ServeLimits Limits { get; init; } = new();

    /// <summary>The prediction log.</summary>
    public PredictionLogSettings Log { get; init; } = new(null);

    /// <summary>Canary, shadow and A/B.</summary>
    public TrafficSettings Traffic { get; init; } = TrafficSettings.None;

    internal static ServeSettings Read(ConfigSection section, string folder)
    {
        ServeSettings d = Default;
        ConfigSection tls = section.Nested("tls");
        var settings = new ServeSettings
        {
            Listen = section.OptionalText("listen") is not { } text ? d.Listen : TryAddress(text) ?? throw section.Unusable("listen", "an address and a port, such as 127.0.0.1:8080 or 0.0.0.0:8080"),
            Model = section.OptionalText("model") is not { } model ? null : RegisteredModel.IsMeant(model) ? model : Path.GetFullPath(model, folder),
            Online = Absolute(section.OptionalText("online"), folder),
            Keys = Absolute(section.OptionalText("keys"), folder),
            Certificate = Absolute(tls.OptionalText("certificate"), folder),
            CertificateKey = Absolute(tls.OptionalText("key"), folder),
            PollSeconds = section.Within("poll_seconds", d.PollSeconds, "a number of seconds, 0.05 to 3600", value => value is >= 0.05 and <= 3600),
            Limits = ServeLimits.Read(section.Nested("limits")),
            Log = PredictionLogSettings.Read(section.Nested("log"), folder),
            Traffic = TrafficSettings.Read(section.Nested("traffic")),
        };
        tls.Close();
        section.Close();
        return settings;
    }

    /// <summary>Reads ADDRESS:PORT; localhost is the loopback, * every address. Null for anything else.</summary>
    public static IPEndPoint? TryAddress(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string spelled = text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text[9..] : text.StartsWith("*:", StringComparison.Ordinal) ? "0.0.0.0" + text[1..] : text;
        int colon = spelled.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(spelled[(colon + 1)..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ushort port) && IPAddress.TryParse(spelled[..colon].Trim('[', ']'), out IPAddress? address)
            ? new IPEndPoint(address, port)
            : null;
    }

    private static string? Absolute(string? path, string folder) => path is null ? null : Path.GetFullPath(path, folder);
}
