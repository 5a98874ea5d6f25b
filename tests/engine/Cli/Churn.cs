using System.Text.Json;

namespace ChurnEngine.Cli.Tests;

/// <summary>What a command line came to.</summary>
internal sealed record CommandRun(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON document that <c>--json</c> promises; anything before or after it fails.</summary>
    public JsonElement Envelope
    {
        get
        {
            try
            {
                return JsonDocument.Parse(Output).RootElement;
            }
            catch (JsonException notJson)
            {
                throw new InvalidOperationException($"{this}\nis not one JSON document: {notJson.Message}");
            }
        }
    }

    public JsonElement Result => Envelope.GetProperty("result");

    /// <summary>The last line of standard error: where an error stands.</summary>
    public string LastError => Error.TrimEnd('\n').Split('\n')[^1];

    public CommandRun Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"expected exit code {exitCode}\n{this}");
        return this;
    }

    public override string ToString() => $"$ churn {CommandLine}\nexit code {ExitCode}\n--- output\n{Output}\n--- error\n{Error}";
}

/// <summary>Runs command lines in this process. Paths must be absolute: tests run side by side in one working folder.</summary>
internal static class Churn
{
    public static CommandRun Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = Program.Run(arguments, output, error);
        return new CommandRun(string.Join(' ', arguments), exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs with <c>--json</c> and expects success.</summary>
    public static JsonElement Result(params string[] arguments) => Run([.. arguments, "--json"]).Expect(ExitCode.Done).Result;
}
