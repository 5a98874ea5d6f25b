using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ChurnEngine.Pipeline;

/// <summary>A part of the customers that another model sees.</summary>
/// <param name="Name">As answers, logs and metrics call it, such as canary.</param>
/// <param name="Model">An alias or a version of the registry, or a file.</param>
/// <param name="Share">Of the customers, 0..1.</param>
/// <param name="Answers">True: this model answers them (canary, A/B). False: it is asked beside the one that answers, and only logged (shadow).</param>
public sealed record TrafficArm(string Name, string Model, double Share, bool Answers);

/// <summary>Which model a customer gets: section <c>serve.traffic</c>. A customer's arm depends on key and salt alone, so it is the same in every request and on every machine.</summary>
/// <param name="Salt">Another one draws the customers anew.</param>
/// <param name="Arms">In the order written.</param>
public sealed record TrafficSettings(string Salt, IReadOnlyList<TrafficArm> Arms)
{
    /// <summary>Name of the arm of all others.</summary>
    public const string MainArm = "production";

    /// <summary>One model for all.</summary>
    public static TrafficSettings None { get; } = new("", []);

    /// <summary>The arm that answers a customer; null: the main model.</summary>
    public TrafficArm? AnsweringArm(string customer)
    {
        double draw = -1, begin = 0;
        foreach (TrafficArm arm in Arms)
        {
            if (!arm.Answers)
                continue;
            draw = draw < 0 ? Draw(customer, "") : draw;
            if (draw < begin + arm.Share)
                return arm;
            begin += arm.Share;
        }
        return null;
    }

    /// <summary>Whether a shadow is asked about a customer: a draw of its own, so that a shadow of half the customers sees half of every arm.</summary>
    public bool IsShadowed(TrafficArm arm, string customer)
    {
        ArgumentNullException.ThrowIfNull(arm);
        return !arm.Answers && (arm.Share >= 1 || Draw(customer, arm.Name) < arm.Share);
    }

    internal static TrafficSettings Read(ConfigSection section)
    {
        string salt = section.Text("salt", "");
        ConfigSection written = section.Nested("arms");
        List<TrafficArm> arms = [];
        foreach (string name in written.Keys)
        {
            ConfigSection arm = written.Nested(name);
            if (arm.OptionalText("model") is not { } model)
                throw ServingErrors.BadTraffic($"arm '{name}'", "a `model`", "none");
            arms.Add(new TrafficArm(name, model, arm.Share("share", 0), arm.Flag("answers", true)));
            arm.Close();
        }
        written.Close();
        section.Close();
        return new TrafficSettings(salt, arms).Checked();
    }

    private TrafficSettings Checked()
    {
        double answered = Arms.Where(arm => arm.Answers).Sum(arm => arm.Share);
        if (answered > 1 + 1e-9)
            throw ServingErrors.BadTraffic("the arms that answer have more than all customers", "shares that sum to at most 1", answered.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture));
        return Arms.Any(arm => arm.Name == MainArm) ? throw ServingErrors.BadTraffic($"'{MainArm}' is the name of all customers that no arm takes", "another name", MainArm) : this;
    }

    // 53 bits of SHA-256 over salt, arm and key: the same everywhere, and nobody can choose a key that lands in an arm without the salt.
    private double Draw(string customer, string arm)
    {
        byte[] text = Encoding.UTF8.GetBytes($"{Salt}\0{arm}\0{customer}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }
}
