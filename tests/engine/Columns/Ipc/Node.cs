using System.Diagnostics;
using ChurnEngine.TestKit;

namespace ChurnEngine.Columns.Tests.Ipc;

/// <summary>Scripts of tests/interop, talked to through pipes.</summary>
internal static class Node
{
    /// <summary>Skips the test, saying why, where the package is absent.</summary>
    public static void Needs(string package) => Assert.SkipUnless(Directory.Exists(Path.Combine(Repository.Root, "tests", "node_modules", package)),
        $"needs tests/node_modules/{package}, which `dotnet build` fetches with npm");

    /// <summary>Runs a script; <paramref name="talk"/> writes its input, <paramref name="listen"/> reads its output meanwhile.</summary>
    public static T Run<T>(string script, string[] arguments, Action<Stream> talk, Func<Stream, T> listen)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Repository.Root, "tests", "interop", script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task talking = Task.Run(() =>
        {
            using Stream input = process.StandardInput.BaseStream;
            try
            {
                talk(input);
            }
            catch (IOException)
            {
                // It has ended early; its errors say why.
            }
        });
        try
        {
            T result = listen(process.StandardOutput.BaseStream);
            talking.Wait();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.Result);
            return result;
        }
        catch (ChurnDataException broken)
        {
            process.Kill();
            throw new InvalidOperationException($"{broken.Describe()} {errors.Result}", broken);
        }
    }

    /// <summary>Runs a script on bytes.</summary>
    public static byte[] Run(string script, byte[] input, params string[] arguments) => Run(script, arguments, stream => stream.Write(input), output =>
    {
        var bytes = new MemoryStream();
        output.CopyTo(bytes);
        return bytes.ToArray();
    });
}
