using System.CommandLine;
using ChurnEngine.Cli.Doctor;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class DoctorVerb : Verb
{
    private readonly Option<string?> _for;
    private readonly InputOptions _input = new();
    private readonly Option<string?> _model;
    private readonly Option<string[]> _folders;

    public DoctorVerb() : base("doctor", "Look at this machine, and at a project when one is named: what is here, and what each verb would miss. Exit code 1 when something needed is missing.")
    {
        _for = Add(new Option<string?>("--for") { Description = $"Look only at what one verb needs: {string.Join(", ", VerbNeeds.Verbs)}.", HelpName = "VERB" });
        Add(_input.Config);
        _model = Add(new Option<string?>("--model", "-m") { Description = "A model to prove: its seal, and its golden rows in ONNX Runtime.", HelpName = "FILE" });
        _folders = Add(new Option<string[]>("--folder", "-o") { Description = "Folders that jobs will write to.", HelpName = "DIR", AllowMultipleArgumentsPerToken = true });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("is this machine ready, and what is on it?", "churn doctor"),
        new("would tonight's job run: data, folders, memory, model?", "churn doctor --for score --config world/churn.yaml --model world/model.onnx --folder /data/scores"),
        new("for a script: exit code 1 and the reasons as JSON", "churn doctor --for train --json"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        IReadOnlyList<string> verbs = context.Get(_for) is { } only ? [only] : VerbNeeds.Verbs;
        // A word that is no verb is told before any program is asked.
        _ = verbs.Select(VerbNeeds.Of).ToArray();
        Checkup checkup = Checkup.Run(Probes(context), verbs, strictly: context.Get(_for) is not null);
        return new VerbResult(new { For = context.Get(_for), checkup.Ready, checkup.Verbs, checkup.Topics }, console => CheckupTables.Print(console, checkup))
        {
            ExitCode = checkup.Ready ? ExitCode.Done : ExitCode.GateSaidNo,
        };
    }

    private List<IProbe> Probes(VerbContext context)
    {
        string[] folders = context.Get(_folders) ?? [];
        var probes = new List<IProbe>
        {
            new RuntimeProbe(),
            new SystemProbe(),
            new ProcessorProbe(),
            new MemoryProbe(context.Budget.MemoryBytes),
            new FolderProbe("folders",
            [
                new("folder.temporary", "temporary folder", Path.GetTempPath(), Need.TemporaryFolder) { MustExist = true, Hint = "set TMPDIR to a folder that this user may write: what does not fit into memory is spilled there" },
                new("folder.working", "working folder", Environment.CurrentDirectory, Need.OutputFolder) { IsNeeded = false, Hint = "verbs write here unless told otherwise: name a place with --out or --model" },
                .. folders.Select((folder, i) => new Place($"folder.output.{i}", $"output in {folder}", folder, Need.OutputFolder)),
            ]),
            new NativeLibraryProbe(),
        };
        if (context.Get(_input.Config) is not null || File.Exists(InputOptions.DefaultConfig))
            AddProject(probes, context);
        if (context.Get(_model) is { } model)
            probes.Add(new ModelProbe(model));
        probes.AddRange([new GpuProbe(), new PeerProbe()]);
        return probes;
    }

    private void AddProject(List<IProbe> probes, VerbContext context)
    {
        ProjectConfig project = _input.LoadProject(context);
        probes.Add(new ProjectProbe(project, InputOptions.Steps(context)));
        probes.Add(new FolderProbe("folders of the project", ProjectProbe.Outputs(project)));
    }
}
