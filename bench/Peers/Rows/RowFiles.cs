using System.Runtime.InteropServices;
using System.Text.Json;

namespace ChurnEngine.Bench.Peers;

/// <summary>The four arrays of a data set in the cache folder, made once.</summary>
internal sealed record RowFiles(string XTrain, string YTrain, string XTest, string YTest)
{
    // Part of the folder's name: whoever changes a recipe raises it, so that no run takes old rows for new ones.
    private const int RecipeVersion = 1;
    private const int ChunkRows = 16_384;
    private const string Complete = "complete.json";

    /// <summary>Where the arrays of a shape lie or will lie.</summary>
    /// <param name="cache">Folder for all shapes.</param>
    /// <param name="shape">What.</param>
    /// <param name="seed">Of the rows.</param>
    public static RowFiles Of(string cache, RowShape shape, long seed)
    {
        string folder = Path.Combine(cache, $"{shape.Name}-{shape.TestRows}-v{RecipeVersion}-seed{seed}");
        return new RowFiles(Path.Combine(folder, "x_train.npy"), Path.Combine(folder, "y_train.npy"), Path.Combine(folder, "x_test.npy"), Path.Combine(folder, "y_test.npy"));
    }

    /// <summary>Generates the arrays unless they are there.</summary>
    /// <param name="shape">As in <see cref="Of"/>.</param>
    /// <param name="seed">As in <see cref="Of"/>.</param>
    /// <param name="say">Told when the rows have to be made.</param>
    public void Make(RowShape shape, long seed, Action<string> say)
    {
        string folder = Path.GetDirectoryName(XTrain)!;
        if (File.Exists(Path.Combine(folder, Complete)))
            return;
        say($"making {shape}");
        Directory.CreateDirectory(folder);
        var rows = new LabelledRecipe(shape.Recipe, seed);
        Write(rows, 0, shape.TrainRows, XTrain, YTrain);
        Write(rows, shape.TrainRows, shape.TestRows, XTest, YTest);
        // Last, so that a killed run leaves no half-written rows that look whole.
        File.WriteAllText(Path.Combine(folder, Complete), JsonSerializer.Serialize(new { shape.TrainRows, shape.TestRows, seed, rows.Intercept }));
    }

    private static void Write(LabelledRecipe recipe, long first, int count, string xPath, string yPath)
    {
        int features = recipe.Recipe.FeatureCount;
        using FileStream x = File.Create(xPath);
        NpyFile.WriteHeader(x, count, features);
        float[] labels = new float[count];
        int lanes = 4 * Environment.ProcessorCount;
        float[][] chunks = [.. Enumerable.Range(0, lanes).Select(_ => new float[ChunkRows * features])];
        for (int start = 0; start < count; start += lanes * ChunkRows)
        {
            Parallel.For(0, lanes, lane =>
            {
                for (int i = 0; i < RowsOf(lane, start); i++)
                {
                    int row = start + lane * ChunkRows + i;
                    labels[row] = recipe.Fill(first + row, chunks[lane].AsSpan(i * features, features));
                }
            });
            for (int lane = 0; lane < lanes; lane++)
                x.Write(MemoryMarshal.AsBytes(chunks[lane].AsSpan(0, RowsOf(lane, start) * features)));
        }
        NpyFile.Write(yPath, labels, count, 0);

        int RowsOf(int lane, int start) => Math.Clamp(count - start - lane * ChunkRows, 0, ChunkRows);
    }
}
