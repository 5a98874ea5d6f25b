using ChurnEngine.Ingest.Reading;

namespace ChurnEngine.Ingest.Tests;

public class KeySetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Add_RandomKeys_AgreesWithHashSet(int seed)
    {
        var random = new Random(seed);
        using var keys = new KeySet();
        var expected = new HashSet<UInt128>();
        for (int i = 0; i < 50_000; i++)
        {
            var key = new UInt128((ulong)random.Next(3), (ulong)random.Next(20_000));
            Assert.Equal(expected.Add(key), keys.Add(key));
        }
    }

    [Fact]
    public void Hash_PartsCutOtherwise_Differ()
    {
        UInt128 Of(params string[] parts)
        {
            var hash = new KeyHash();
            foreach (string part in parts)
                hash.Add(System.Text.Encoding.UTF8.GetBytes(part));
            return hash.Value;
        }
        Assert.NotEqual(Of("a", "bc"), Of("ab", "c"));
        Assert.NotEqual(Of("", "a"), Of("a", ""));
        Assert.NotEqual(Of("a"), Of("a\0"));
        Assert.Equal(Of("customer-0000001", "x"), Of("customer-0000001", "x"));
    }
}
