using System.Globalization;
using System.IO.Compression;
using Microsoft.VisualBasic.FileIO;

namespace ChurnEngine.Bench.Accuracy;

/// <summary>A plain table of ../shared/data with a label of two values.</summary>
/// <param name="Name">As printed.</param>
/// <param name="File">Below the data folder.</param>
/// <param name="Delimiter">Between fields.</param>
/// <param name="Label">Name of the label's column.</param>
/// <param name="Positive">The label's value that is 1.</param>
/// <param name="Left">Columns that are no features: keys, and what nobody knows before.</param>
internal sealed record PlainTable(string Name, string File, string Delimiter, string Label, string Positive, IReadOnlyList<string> Left)
{
    /// <summary>Names of the columns where the file has none.</summary>
    public IReadOnlyList<string>? Header { get; init; }

    /// <summary>The tables of the comparison.</summary>
    public static IReadOnlyList<PlainTable> All { get; } =
    [
        new("telco_ibm", "telco_ibm/WA_Fn-UseC_-Telco-Customer-Churn.csv", ",", "Churn", "Yes", ["customerID"]),
        new("adult", "adult/adult.data", ",", "income", ">50K", [])
        {
            Header = ["age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship", "race", "sex", "capital_gain", "capital_loss", "hours_per_week", "native_country", "income"],
        },
        // How long the call lasted is known only when its outcome is.
        new("bank_marketing", "bank_marketing/bank-full.csv", ";", "y", "yes", ["duration"]),
        new("credit_default_taiwan", "credit_default_taiwan/UCI_Credit_Card.csv", ",", "default.payment.next.month", "1", ["ID"]),
    ];

    /// <summary>Tables of churn, for searches and families.</summary>
    public static IReadOnlyList<PlainTable> Churn { get; } =
    [
        All[0],
        new("cell2cell", "cell2cell/cell2celltrain.csv.gz", ",", "Churn", "Yes", ["CustomerID"]),
        // What a classifier said of the answer is no feature.
        new("bankchurners", "bankchurners/BankChurners.csv", ",", "Attrition_Flag", "Attrited Customer",
        [
            "CLIENTNUM",
            "Naive_Bayes_Classifier_Attrition_Flag_Card_Category_Contacts_Count_12_mon_Dependent_count_Education_Level_Months_Inactive_12_mon_1",
            "Naive_Bayes_Classifier_Attrition_Flag_Card_Category_Contacts_Count_12_mon_Dependent_count_Education_Level_Months_Inactive_12_mon_2",
        ]),
        new("iranian_churn", "iranian_churn/Customer Churn.csv", ",", "Churn", "1", ["FN", "FP"]),
    ];

    /// <summary>Reads it.</summary>
    /// <param name="folder">Folder with all data sets.</param>
    /// <remarks>A column of numbers stays as it is, with NaN where there is none; each other column becomes codes 0.. in the order of its texts, "?" and blanks missing.</remarks>
    public TableRows Read(string folder)
    {
        string path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
            throw new BenchException($"{path} is not there", "name the folder that holds it with --data");
        List<string[]> lines = [];
        using (Stream file = System.IO.File.OpenRead(path))
        using (Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file)
        using (var parser = new TextFieldParser(plain) { Delimiters = [Delimiter], HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = true })
        {
            while (!parser.EndOfData)
                lines.Add(parser.ReadFields()!);
        }
        IReadOnlyList<string> header = Header ?? lines[0];
        string[][] rows = [.. (Header is null ? lines.Skip(1) : lines).Where(fields => fields.Length == header.Count)];
        int label = header.ToList().IndexOf(Label);
        int[] features = [.. Enumerable.Range(0, header.Count).Where(column => column != label && !Left.Contains(header[column]))];
        float[] x = new float[rows.Length * features.Length];
        bool[] isCategorical = new bool[features.Length];
        for (int feature = 0; feature < features.Length; feature++)
        {
            string[] texts = [.. rows.Select(fields => fields[features[feature]])];
            isCategorical[feature] = !texts.All(text => IsMissing(text) || float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
            Dictionary<string, int> codes = texts.Where(text => !IsMissing(text)).Distinct().Order(StringComparer.Ordinal).Select((text, code) => (text, code)).ToDictionary(pair => pair.text, pair => pair.code);
            for (int row = 0; row < texts.Length; row++)
                x[row * features.Length + feature] = IsMissing(texts[row]) ? float.NaN : isCategorical[feature] ? codes[texts[row]] : float.Parse(texts[row], CultureInfo.InvariantCulture);
        }
        return new TableRows([.. features.Select(column => header[column])], isCategorical, x, [.. rows.Select(fields => fields[label] == Positive ? 1f : 0f)]);
    }

    private static bool IsMissing(string text) => text is "" or "?";
}

/// <summary>A table as numbers.</summary>
/// <param name="Names">[F] names of the features.</param>
/// <param name="IsCategorical">[F] whether a feature's values are codes.</param>
/// <param name="X">[N][F] values, NaN where missing.</param>
/// <param name="Y">[N] 0 or 1.</param>
internal sealed record TableRows(IReadOnlyList<string> Names, IReadOnlyList<bool> IsCategorical, float[] X, float[] Y);
