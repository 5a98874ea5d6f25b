using System.Text.Json;
using System.Text.Json.Serialization;
using ChurnEngine.Columns;

namespace ChurnEngine.Reporting;

/// <summary>Writes an evaluation into a folder.</summary>
public static class EvaluationFiles
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Makes all files: report.html, report.json, model_comparison.csv, classification_report.txt, and each picture as an SVG.</summary>
    /// <param name="data">The report.</param>
    /// <returns>Name and text of each, the page first. The same data gives the same bytes.</returns>
    public static IReadOnlyList<(string Name, string Text)> Render(EvaluationData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        IReadOnlyList<ReportPicture> pictures = EvaluationPictures.Draw(data);
        return
        [
            ("report.html", EvaluationPage.Render(data, pictures)),
            ("report.json", JsonSerializer.Serialize(data, s_json) + "\n"),
            ("model_comparison.csv", EvaluationText.ComparisonCsv(data.Comparison)),
            ("classification_report.txt", EvaluationText.ClassificationReport(data.Confusion, data.Design)),
            .. pictures.Select(picture => (picture.Name + ".svg", picture.ToFile())),
        ];
    }

    /// <summary>Writes them, each whole or not at all; files of their names are replaced, others stay.</summary>
    /// <param name="directory">Folder; made where it is not there.</param>
    /// <param name="data">The report.</param>
    /// <returns>Paths of the files, the page first.</returns>
    /// <remarks>Errors: <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/> when the folder cannot be written to.</remarks>
    public static IReadOnlyList<string> Write(string directory, EvaluationData data)
    {
        FileChanges.CreateFolder(directory);
        List<string> paths = [];
        foreach ((string name, string text) in Render(data))
        {
            string path = Path.Combine(directory, name);
            AtomicFile.WriteText(path, text);
            paths.Add(path);
        }
        return paths;
    }
}
