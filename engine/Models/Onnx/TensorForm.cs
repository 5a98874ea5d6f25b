using Google.Protobuf;

namespace ChurnEngine.Models;

/// <summary>A model as operators on plain tensors alone, for devices on which the runtime has no operator of trees: CUDA.</summary>
/// <remarks>
/// All trees take one step down at a time, for all rows of a block: an index a row and tree, which picks a column, a threshold and where to go on.
/// <code>
///   column    = Gather(columns, at)              [N,T]      at = 0 .. T-1 at the roots
///   value     = GatherElements(features, column) [N,T]
///   bit       = value &lt;= Gather(thresholds, at)  [N,T]      1: left
///   at        = 2 * at + bit                                trees of depth 8 and less: padded to perfect ones, a table a level
///   at        = Gather(first_children, at) + bit            deeper ones: one table, siblings side by side, a leaf leads to itself
/// </code>
/// <c>features</c> is there twice, side by side: with minus infinity for a missing value, which goes left at every threshold, and as it is, which goes right at every one;
/// a node reads of the half that its direction names. A set is a row of a table of 0 and 1, looked up by code, and its threshold a NaN, which nothing is below.
/// Comparisons are those of <see cref="DecisionTree.GoesLeft"/>, float with float, so every row ends in the same leaf; leaves are summed in double, in an order of the
/// runtime's own. A linear form is in such operators already, alone and in a stack.
/// Source: shared/facts-onnx.md, 9; Nakandala et al. 2020 (Hummingbird), PerfectTreeTraversal and TreeTraversal.
/// </remarks>
public static class TensorForm
{
    /// <summary>Trees up to this depth are padded to perfect ones: at 8 a tree has 256 places for leaves.</summary>
    public const int DeepestPerfect = 8;

    /// <summary>Bytes that the runtime holds for each row and tree while it goes down: indices, columns, values, thresholds, bits and leaves.</summary>
    public const int BytesPerRowAndTree = 40;

    /// <summary>Makes the file of the tensor form. It carries no metadata and no golden rows: it lives in memory, beside the model that it was made of.</summary>
    /// <param name="model">Trees or a linear form; needs no file.</param>
    /// <returns>An ONNX model of opset 13 of the main domain with the inputs and outputs of the model's own file. The same model gives the same bytes.</returns>
    /// <remarks>Memory: four bytes a node, and four a code and distinct set. Errors: <see cref="ArgumentException"/> when a tree is not whole;
    /// <see cref="Columns.ChurnModelException"/> CE5206 when the tables of its sets would take more than a quarter of a gigabyte.</remarks>
    public static ReadOnlyMemory<byte> Encode(ChurnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Predictor is StackedModel stack)
            return Encode(model, stack.Trees, stack.Linear);
        if (model.Predictor is not TreeEnsemble ensemble)
            return OnnxGraph.Write(model, OnnxProfile.Default).ToByteArray();
        return Encode(model, ensemble, null);
    }

    private static ReadOnlyMemory<byte> Encode(ChurnModel model, TreeEnsemble ensemble, LinearModel? linear)
    {
        if (EnsembleCheck.FirstFault(ensemble) is { } fault)
            throw new ArgumentException($"the model has no tensor form: {fault}", nameof(model));
        var sets = TensorFormSets.Of(ensemble, model);
        return OnnxGraph.Write(model, (graph, sum) =>
        {
            new TensorFormGraph(graph, ensemble.FeatureCount, sets).AddSum(ensemble, linear is null ? sum : StackCodec.TreeSum);
            if (linear is not null)
                StackCodec.AddLinear(graph, linear, sum);
        }).ToByteArray();
    }
}
