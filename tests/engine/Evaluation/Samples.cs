namespace ChurnEngine.Evaluation.Tests;

/// <summary>Random scores and labels from a seed; <c>levels</c> makes ties.</summary>
internal static class Samples
{
    public static (float[] Scores, float[] Labels) Draw(int seed, int rows, int levels, double positiveRate = 0.3)
    {
        var random = new Random(seed);
        float[] scores = new float[rows], labels = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            labels[row] = random.NextDouble() < positiveRate ? 1 : 0;
            double score = Math.Clamp(0.3 * random.NextDouble() + 0.6 * random.NextDouble() + 0.1 * labels[row], 0, 1);
            scores[row] = levels == 0 ? (float)score : (float)(Math.Round(score * levels) / levels);
        }
        return (scores, labels);
    }

    /// <summary>Seeds x tie levels, sizes on both sides of the radix sort's start.</summary>
    public static TheoryData<int, int, int> Cases => new()
    {
        { 1, 2, 0 }, { 2, 7, 3 }, { 3, 60, 0 }, { 4, 60, 5 }, { 5, 600, 40 }, { 6, 2047, 0 }, { 7, 2048, 100 }, { 8, 3001, 7 },
    };
}
