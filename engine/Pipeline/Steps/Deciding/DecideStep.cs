using ChurnEngine.Columns;
using ChurnEngine.Decisions;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>From a folder of scores to the action plan.</summary>
public static class DecideStep
{
    /// <summary>Reads the scores, chooses whom to contact with what, and writes the list.</summary>
    /// <param name="scores">Folder that a finished scoring job left; null: the project's.</param>
    /// <param name="project">Offers, limits and files to write; null: the defaults.</param>
    /// <param name="overrides">What takes their place.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE6101 when the folder holds no finished scores, CE1154 when their probabilities are not calibrated; CE1180 to CE1189; those of deciding, CE7001 to CE7008.</remarks>
    public static DecisionReport Run(string? scores, ProjectConfig? project, DecisionOverrides overrides, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        DecisionSettings settings = overrides.Apply(project is null ? DecisionSettings.Default : project.Decisions.Resolve(project));
        settings.Options.Validate();
        scores ??= project?.Resolve(project.Score.Out) ?? ScoreSettings.Default.Out;
        using ScoreTable table = context.Stages.Time("read scores", () => ScoreTable.Read(scores, settings, overrides.AllowUncalibrated, context), read => read.Rows);
        bool isUncalibrated = table.Manifest.Calibration == "none";
        if (isUncalibrated)
            context.Warn($"the probabilities of model '{table.Manifest.ModelVersion}' are not calibrated: expected values are not what they say");
        long? date = settings.Date ?? (table.Manifest.AsOf is { } asOf && InstantText.TryParse(asOf, out long micros) ? micros : null);
        (DecisionInput input, DecisionProblem problem, ActionPlan plan) = context.Stages.Time("decide", () => Decide(table, settings, date, context), _ => table.Rows);
        DecisionReport report = Describe(table, settings, problem, plan) with { Written = !overrides.DryRun, UncalibratedAllowed = isUncalibrated };
        if (settings.WhatIf is not null)
            report = report with { WhatIf = context.Stages.Time("what if", () => WhatIf.Compute(problem, settings.Options, context.Cancellation), curves => curves.Sum(curve => curve.Points.Count)) };
        if (overrides.DryRun)
        {
            PlanFile.Probe(settings.Out);
            return report;
        }
        return report with { Files = context.Stages.Time("write", () => Write(table, input, settings, date, plan, report, context), _ => plan.Contacts.Count) };
    }

    private static (DecisionInput, DecisionProblem, ActionPlan) Decide(ScoreTable table, DecisionSettings settings, long? date, StepContext context)
    {
        double[] value = table.Value;
        var index = new Lazy<KeyIndex>(() => new KeyIndex(table));
        if (settings.Values is { } folder)
            value = JoinValues(folder, table, index.Value, context);
        var standing = new Standing[settings.Fatigue is null && settings.ControlShare == 0 ? 0 : table.Rows];
        if (settings.Fatigue is { } fatigue)
            ContactHistory.Mark(fatigue, index.Value, date ?? throw DecideErrors.NoDate(), FilesOf(settings), standing, context);
        if (settings.ControlShare > 0)
            ControlGroup.Mark(table, settings.ControlShare, settings.ControlSeed, standing);
        var input = new DecisionInput { Probability = table.Score, Value = value, Standing = standing };
        input = OfferGroups.Add(table, settings, value, input, context.Warn);
        var problem = new DecisionProblem(input, settings.Options, context.Budget.Threads);
        return (input, problem, problem.Plan(context.Cancellation));
    }

    private static double[] JoinValues(string folder, ScoreTable table, KeyIndex index, StepContext context)
    {
        double[] value = new double[table.Rows];
        Array.Fill(value, double.NaN);
        using ScoreTable values = ScoreTable.ReadValues(folder, context);
        for (int b = 0; b < values.Batches.Count; b++)
        {
            RecordBatch batch = values.Batches[b];
            for (int i = 0; i < batch.Length; i++)
            {
                if (index.Find(batch.Columns[0], i) is >= 0 and int row)
                    value[row] = values.Score[values.FirstRow(b) + i];
            }
        }
        int without = value.AsSpan().Count(double.NaN);
        if (without > 0)
            context.Warn($"{without:N0} of {table.Rows:N0} customers have no value in '{folder}' and are left alone");
        return value;
    }

    /// <summary>The tables that a plan is written into, absolute.</summary>
    internal static IReadOnlyCollection<string> FilesOf(DecisionSettings settings) =>
        settings.Listing is { } listing ? [Path.GetFullPath(settings.Out), Path.GetFullPath(listing)] : [Path.GetFullPath(settings.Out)];

    private static DecisionReport Describe(ScoreTable table, DecisionSettings settings, DecisionProblem problem, ActionPlan plan)
    {
        var risk = new Dictionary<string, long>();
        foreach (RiskLevel level in Enum.GetValues<RiskLevel>().Reverse())
            risk.Add(level.ToText(), 0);
        foreach (float probability in table.Score)
            risk[settings.Options.RiskCuts.LevelOf(probability).ToText()]++;
        PlanTotals totals = plan.Totals;
        var contacts = new long[plan.Offers.Count];
        double[] earned = new double[contacts.Length];
        long[] days = new long[settings.Options.Days];
        for (int i = 0; i < plan.Contacts.Count; i++)
        {
            contacts[plan.Contacts.Offer[i]]++;
            earned[plan.Contacts.Offer[i]] += plan.Contacts.ExpectedValue[i];
            days[plan.Contacts.Day[i] - 1]++;
        }
        return new DecisionReport(Path.GetFullPath(settings.Out), table.Rows, totals.Contacts, totals.ExpectedValue, totals.Spend, totals.ExpectedSaves, risk)
        {
            RealisedInterval = new Estimate(totals.ExpectedValue, totals.ExpectedValue - plan.HalfInterval, totals.ExpectedValue + plan.HalfInterval),
            Bound = plan.Bound,
            Gap = plan.Gap,
            Proof = plan.Proof == AllocationProof.Exact ? "exact" : "bounded",
            CapacityPrice = plan.Prices.Capacity,
            BudgetPrice = plan.Prices.Budget,
            Offers = [.. plan.Offers.Select((offer, j) => new OfferUse(offer.Name, contacts[j], earned[j], (double)(contacts[j] * (decimal)offer.Cost), offer.Capacity == 0 ? null : offer.Capacity, plan.Prices.Offers[j]))],
            Decisions = Enum.GetValues<Decision>().ToDictionary(PlanFiles.NameOf, decision => (long)plan.CountOf(decision)),
            Comparison = [.. plan.Baselines.Prepend(totals).Select(way => new WayToChoose(way.Name, way.Contacts, way.ExpectedValue, way.Spend, way.ExpectedSaves))],
            ExpectedLoss = problem.ExpectedLoss,
            Days = days,
            HeldOut = plan.HoldOut.Count,
        };
    }

    // The plan comes last: where it is, what belongs to it is.
    private static List<string> Write(ScoreTable table, DecisionInput input, DecisionSettings settings, long? date, ActionPlan plan, DecisionReport report, StepContext context)
    {
        PlanFile.Probe(settings.Out);
        using var session = new IngestSession(new IngestOptions { Budget = context.Budget });
        var files = new PlanFiles(table, input, settings, date, session);
        List<string> written = [];
        if (settings.Listing is { } listing)
        {
            files.WriteListing(listing, plan);
            written.Add(Path.GetFullPath(listing));
        }
        if (settings.WhatIf is { } folder)
            written.AddRange(WhatIf.Write(folder, report.WhatIf, report, settings.Options));
        string holdOut = PlanFiles.HoldOutOf(settings.Out), record = PlanFiles.RecordOf(settings.Out);
        if (settings.ControlShare > 0)
        {
            files.WriteLines(holdOut, plan, plan.HoldOut, isHoldOut: true);
            written.Add(Path.GetFullPath(holdOut));
        }
        else if (File.Exists(holdOut))
        {
            // Of an earlier plan of this name, which is about to be replaced.
            FileChanges.Delete(holdOut);
        }
        new PlanRecord
        {
            JobKey = table.Manifest.JobKey,
            ModelVersion = table.Manifest.ModelVersion,
            AsOf = table.Manifest.AsOf,
            Calibration = table.Manifest.Calibration,
            UncalibratedAllowed = report.UncalibratedAllowed,
            Options = settings.Options,
            ControlShare = settings.ControlShare,
            ControlSeed = settings.ControlSeed,
            Totals = plan.Totals,
            Bound = plan.Bound,
            Proof = plan.Proof,
            Prices = plan.Prices,
        }.Write(settings.Out);
        written.Add(Path.GetFullPath(record));
        files.WriteLines(settings.Out, plan, plan.Contacts, isHoldOut: false);
        return written;
    }
}
