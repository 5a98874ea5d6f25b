using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests.Data;

public sealed class Utf8IndexTests
{
    // Texts of every length that is recalled and some that are not, which differ in one byte only, at the beginning, the middle or the end; zeros and blanks among them.
    [Theory]
    [InlineData(5)]
    [InlineData(400)]
    [InlineData(3_000)]
    public void Map_ManyBatches_SameNumbersAsOneByOne(int texts)
    {
        var random = new Random(texts);
        string[] known = [.. Enumerable.Range(0, texts).Select(_ => Text(random)), "", " ", "\0", "\0\0", "a", "a\0"];
        using Utf8Index index = new(), oneByOne = new();
        for (int batch = 0; batch < 20; batch++)
        {
            string[] rows = [.. Enumerable.Range(0, 1_000).Select(_ => known[random.Next(known.Length)])];
            using var builder = new Utf8Builder();
            foreach (string row in rows)
                builder.Append(row);
            using Utf8Column column = builder.Build();
            int[] ids = new int[rows.Length];
            TextCells.Map(column, index, ids);
            Assert.Equal(rows.Select(row => oneByOne.IdOf(Encoding.UTF8.GetBytes(row))), ids);
        }
        Assert.Equal(oneByOne.Count, index.Count);
    }

    private static string Text(Random random)
    {
        char[] text = [.. Enumerable.Repeat('k', random.Next(1, 20))];
        text[random.Next(text.Length)] = (char)('0' + random.Next(10));
        return new string(text);
    }
}
