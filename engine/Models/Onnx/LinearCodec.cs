using ChurnEngine.Columns;
using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

/// <summary>A linear form, in operators of the main domain that ONNX Runtime has for CPU and CUDA, in double and in float.</summary>
/// <remarks>
/// The arithmetic of a term is that of <see cref="LinearTerm"/>, step by step; only the sum over the terms is the runtime's.
/// <code>
///   numeric       x -> x - means -> * coefficients -> + present effects -+-> Where(missing) -> MatMul ones --.
///                 x -> x - x -> IsNaN (true for NaN and both infinities) '   missing effects                 + -> sum
///   categorical   x -> Floor -> Max -1 -> Min counts -> + first slots -> Where(missing) -> Gather -> MatMul ones
///                 a feature's slots: | other | code 0 | ... | code K-1 | other | missing |
/// </code>
/// Source: ONNX operators of opset 13.
/// </remarks>
internal sealed class LinearCodec : IPredictorCodec
{
    /// <summary>Slots of a categorical feature beside those of its codes: below them, above them, missing.</summary>
    public const int SlotsBeside = 3;

    private const string NumericColumns = "numeric_columns";
    private const string CategoryColumns = "category_columns";
    private const string Means = "means";
    private const string Coefficients = "coefficients";
    private const string PresentEffects = "present_effects";
    private const string MissingEffects = "missing_effects";
    private const string CategoryCounts = "category_counts";
    private const string CategoryEffects = "category_effects";

    public bool Writes(IPredictor predictor) => predictor is LinearModel;

    public bool IsIn(ModelProto file) => file.Graph.Initializer.Any(tensor => tensor.Name is NumericColumns or CategoryColumns);

    public int TreeCount(IPredictor predictor) => 0;

    public long? TreeOpset(OnnxProfile profile) => null;

    public string? FirstFault(IPredictor predictor, IReadOnlyList<FeatureInfo> features) => LinearCheck.FirstFault((LinearModel)predictor, features);

    public void CheckLimits(ChurnModel model, OnnxProfile profile, string? source)
    {
        // Its graph has a dozen nodes, whatever the model.
    }

    public IEnumerable<(string Key, string Value)> Properties(IPredictor predictor) => [];

    public void Write(GraphProto graph, IPredictor predictor, OnnxProfile profile, string input, string output)
    {
        var model = (LinearModel)predictor;
        int[] numeric = ColumnsOf(model, FeatureKind.Numeric), categorical = ColumnsOf(model, FeatureKind.Categorical);
        var writer = new Writer(graph, model, isDouble: profile == OnnxProfile.Default);
        if (numeric.Length > 0)
            writer.Numeric(numeric, input, categorical.Length > 0 ? "numeric_sum" : output);
        if (categorical.Length > 0)
            writer.Categorical(categorical, input, numeric.Length > 0 ? "category_sum" : output);
        if (numeric.Length > 0 && categorical.Length > 0)
            graph.Node.Add(OnnxGraph.Node("Add", output, "numeric_sum", "category_sum"));
    }

    public IPredictor Read(ModelProto file, ModelScalars scalars, string source)
    {
        var graph = new Reader(file.Graph);
        var terms = new LinearTerm[scalars.FeatureCount];
        ReadNumeric(graph, terms);
        ReadCategorical(graph, terms);
        return Array.IndexOf(terms, null) is >= 0 and int missing
            ? throw new InvalidDataException($"feature {missing} has no term")
            : new LinearModel { BaseMargin = scalars.BaseMargin, Terms = terms };
    }

    private static int[] ColumnsOf(LinearModel model, FeatureKind kind) => [.. Enumerable.Range(0, model.FeatureCount).Where(feature => model.Terms[feature].Kind == kind)];

    private static void ReadNumeric(Reader graph, LinearTerm[] terms)
    {
        long[] columns = graph.Integers(NumericColumns);
        if (columns.Length == 0)
            return;
        double[] means = graph.Numbers(Means), coefficients = graph.Numbers(Coefficients), present = graph.Numbers(PresentEffects), missing = graph.Numbers(MissingEffects);
        for (int i = 0; i < columns.Length; i++)
            terms[columns[i]] = new LinearTerm { Kind = FeatureKind.Numeric, Mean = means[i], Coefficient = coefficients[i], PresentEffect = present[i], MissingEffect = missing[i] };
    }

    private static void ReadCategorical(Reader graph, LinearTerm[] terms)
    {
        long[] columns = graph.Integers(CategoryColumns);
        if (columns.Length == 0)
            return;
        double[] counts = graph.Numbers(CategoryCounts), slots = graph.Numbers(CategoryEffects);
        int next = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            int codes = checked((int)counts[i]);
            ReadOnlySpan<double> own = slots.AsSpan(next, checked(codes + SlotsBeside));
            terms[columns[i]] = new LinearTerm { Kind = FeatureKind.Categorical, OtherEffect = own[0], CategoryEffects = own.Slice(1, codes).ToArray(), MissingEffect = own[^1] };
            next += own.Length;
        }
    }

    /// <summary>Adds nodes, and constants in double or float.</summary>
    private sealed class Writer(GraphProto graph, LinearModel model, bool isDouble)
    {
        public void Numeric(int[] columns, string input, string output)
        {
            LinearTerm[] terms = [.. columns.Select(column => model.Terms[column])];
            Pick(NumericColumns, columns, input, "numeric");
            Constant(Means, terms.Select(term => term.Mean));
            Constant(Coefficients, terms.Select(term => term.Coefficient));
            Constant(PresentEffects, terms.Select(term => term.PresentEffect));
            Constant(MissingEffects, terms.Select(term => term.MissingEffect));
            Add("Sub", "numeric_centred", "numeric", Means);
            Add("Mul", "numeric_weighted", "numeric_centred", Coefficients);
            Add("Add", "numeric_present", "numeric_weighted", PresentEffects);
            Missing("numeric", "numeric_missing");
            Add("Where", "numeric_effects", "numeric_missing", MissingEffects, "numeric_present");
            Sum("numeric_effects", terms.Length, output);
        }

        public void Categorical(int[] columns, string input, string output)
        {
            LinearTerm[] terms = [.. columns.Select(column => model.Terms[column])];
            int[] firstSlot = new int[terms.Length + 1];
            for (int i = 0; i < terms.Length; i++)
                firstSlot[i + 1] = firstSlot[i] + terms[i].CategoryEffects.Length + SlotsBeside;
            Pick(CategoryColumns, columns, input, "codes");
            Constant("category_floor", [-1]);
            Constant(CategoryCounts, terms.Select(term => (double)term.CategoryEffects.Length));
            Constant("category_first_slots", firstSlot[..^1].Select(slot => slot + 1.0));
            Constant("category_missing_slots", firstSlot[1..].Select(slot => slot - 1.0));
            Constant(CategoryEffects, terms.SelectMany(term => (double[])[term.OtherEffect, .. term.CategoryEffects, term.OtherEffect, term.MissingEffect]));
            Add("Floor", "codes_whole", "codes");
            Add("Max", "codes_from_below", "codes_whole", "category_floor");
            Add("Min", "codes_known", "codes_from_below", CategoryCounts);
            Add("Add", "codes_slots", "codes_known", "category_first_slots");
            Missing("codes", "codes_missing");
            Add("Where", "category_slots", "codes_missing", "category_missing_slots", "codes_slots");
            graph.Node.Add(OnnxGraph.Cast("category_slots", "category_slots64", TensorProto.Types.DataType.Int64));
            Add("Gather", "categories", CategoryEffects, "category_slots64");
            Sum("categories", terms.Length, output);
        }

        // Infinity less itself is no number either, so one test finds all that is not finite.
        private void Missing(string values, string output)
        {
            Add("Sub", $"{values}_zero", values, values);
            Add("IsNaN", output, $"{values}_zero");
        }

        private void Pick(string name, int[] columns, string input, string output)
        {
            graph.Initializer.Add(OnnxValues.Vector<long>(name, Array.ConvertAll(columns, column => (long)column)));
            NodeProto gather = OnnxGraph.Node("Gather", output, input, name);
            gather.Attribute.Add(OnnxValues.Int("axis", 1));
            graph.Node.Add(gather);
        }

        private void Sum(string effects, int count, string output)
        {
            string ones = $"{effects}_ones";
            Constant(ones, Enumerable.Repeat(1.0, count));
            // A column, so that the product is one too.
            graph.Initializer[^1].Dims.Add(1);
            Add("MatMul", output, effects, ones);
        }

        private void Add(string opType, string output, params string[] inputs) => graph.Node.Add(OnnxGraph.Node(opType, output, inputs));

        private void Constant(string name, IEnumerable<double> values) =>
            graph.Initializer.Add(isDouble ? OnnxValues.Vector<double>(name, [.. values]) : OnnxValues.Vector<float>(name, [.. values.Select(value => (float)value)]));
    }

    private sealed class Reader(GraphProto graph)
    {
        public long[] Integers(string name) => Find(name) is { } tensor ? OnnxValues.ReadVector<long>(tensor) : [];

        public double[] Numbers(string name)
        {
            TensorProto tensor = Find(name) ?? throw new InvalidDataException($"the graph has no {name}");
            return tensor.DataType == (int)TensorProto.Types.DataType.Float ? Array.ConvertAll(OnnxValues.ReadVector<float>(tensor), value => (double)value) : OnnxValues.ReadVector<double>(tensor);
        }

        private TensorProto? Find(string name) => graph.Initializer.FirstOrDefault(tensor => tensor.Name == name);
    }
}
