using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class BackupVerb : RegistryVerb
{
    private readonly Option<string> _out;

    public BackupVerb() : base("backup", "Copy the registry, whole and hashed, into a new folder.") =>
        _out = Add(new Option<string>("--out", "-o") { Description = "New folder for the copy.", Required = true, HelpName = "DIR" });

    protected override IReadOnlyList<Example> Examples => [new("before a migration", "churn models backup --registry world/registry --out backups/2024-07-01")];

    protected override VerbResult Run(VerbContext context)
    {
        BackupReport report = RegistryStep.Backup(Place(context), context.Require(_out));
        return new VerbResult(report, console => console.WriteLine($"{report.Files} files, {ByteSize.Format(report.Bytes)}, in {report.Backup}; the last line of the audit log has SHA-256 {report.HeadSha256}"));
    }
}
