using ChurnEngine.Audit;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Keeps out of a model what says who a customer is, and tells what it should not judge by.</summary>
internal static class PersonalDataGate
{
    /// <summary>Stops training on an identifier, such as an e-mail address, that is not allowed by name.</summary>
    /// <param name="plan">Features, with their categories once these are frozen.</param>
    /// <param name="allowed">Features or columns that may be used.</param>
    /// <returns>A warning each protected attribute, such as age, that is not allowed by name.</returns>
    /// <remarks>Errors: <see cref="Columns.ChurnGateException"/> CE8003; <see cref="Columns.ChurnConfigException"/> CE1194 for a name that nothing has.</remarks>
    public static IReadOnlyList<string> Check(FeaturePlan plan, IReadOnlyList<string> allowed)
    {
        IReadOnlyList<FeatureFact> facts = FeatureFact.Of(plan);
        string[] known = [.. plan.Features.Select(feature => feature.Name).Concat(facts.Select(fact => fact.TellsColumn)).Where(name => name.Length > 0).Distinct()];
        if (allowed.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw ExplainingErrors.UnknownAllowed(unknown, known);
        IReadOnlyList<PersonalDataFinding> findings = PersonalDataCheck.Run(plan.Features, facts, allowed);
        PersonalDataCheck.ThrowOnIdentifiers(findings);
        return [.. findings.Select(finding => $"{finding.Message}: reasons do not name it; if customers may be judged by it, say so with allow_personal, else take it out")];
    }
}
