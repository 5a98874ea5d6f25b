using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Registry;

/// <summary>The model's golden rows reproduce in the backend that will serve it. No reason overrules this one.</summary>
public sealed class ProofGate(OpenModelBackend open) : IGate
{
    /// <summary>The gate's name.</summary>
    public const string GateName = "golden_rows";

    /// <inheritdoc/>
    public string Name => GateName;

    /// <inheritdoc/>
    public GateVerdict Check(GateEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        try
        {
            using IModelBackend backend = open(evidence.Candidate);
            ModelProof.Check(evidence.Candidate, backend);
            return new GateVerdict(Name, true, $"{evidence.Candidate.Golden!.Predicted.Length} golden rows reproduce in backend {backend.Name}");
        }
        catch (ChurnModelException fault)
        {
            return new GateVerdict(Name, false, fault.Describe());
        }
    }
}
