using ChurnEngine.TestKit;

namespace ChurnEngine.Monitoring.Tests;

/// <summary>The file of alerts: what it holds, and that no damage goes unseen.</summary>
public sealed class AlertBookFileTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_EqualBooks_EqualBytes_AndReadGivesThemBack()
    {
        AlertBook book = Book();
        AlertBookFile.Write(_folder.Path, book, _warnings.Add);
        byte[] bytes = File.ReadAllBytes(_folder[AlertBookFile.FileName]);
        AlertBook read = AlertBookFile.Read(_folder.Path, isDry: false, _warnings.Add);
        Assert.Equal(book.Entries, read.Entries);
        Assert.Equal(book.AsOf, read.AsOf);
        Assert.Equal(book.Channels[0].Waiting, read.Channels[0].Waiting);
        AlertBookFile.Write(_folder.Path, read, _warnings.Add);
        Assert.Equal(bytes, File.ReadAllBytes(_folder[AlertBookFile.FileName]));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Read_CutAnywhere_OrAByteFlipped_WarnsAndKeepsTheOldAside()
    {
        AlertBookFile.Write(_folder.Path, Book(), _warnings.Add);
        byte[] whole = File.ReadAllBytes(_folder[AlertBookFile.FileName]);
        for (int at = 0; at < whole.Length; at += 3)
        {
            // What stands behind the last bracket says nothing.
            if (at < whole.Length - 2)
                Damaged(whole[..at]);
            byte[] flipped = [.. whole];
            flipped[at] ^= 4;
            Damaged(flipped);
        }

        void Damaged(byte[] bytes)
        {
            File.WriteAllBytes(_folder[AlertBookFile.FileName], bytes);
            File.Delete(_folder[AlertBookFile.DamagedName]);
            _warnings.Clear();
            AlertBook read = AlertBookFile.Read(_folder.Path, isDry: false, _warnings.Add);
            if (read.Entries.Count == Book().Entries.Count && _warnings.Count == 0)
            {
                // A blank between the parts of the envelope may become another one.
                Assert.Equal(Book().Entries, read.Entries);
                return;
            }
            Assert.Contains("CE8205", Assert.Single(_warnings), StringComparison.Ordinal);
            Assert.Same(AlertBook.Empty, read);
            Assert.Equal(bytes, File.ReadAllBytes(_folder[AlertBookFile.DamagedName]));
            Assert.False(File.Exists(_folder[AlertBookFile.FileName]));
        }
    }

    [Fact]
    public void Read_Dry_LeavesADamagedFileWhereItIs()
    {
        _folder.Write(AlertBookFile.FileName, "{}");
        Assert.Same(AlertBook.Empty, AlertBookFile.Read(_folder.Path, isDry: true, _warnings.Add));
        Assert.Single(_warnings);
        Assert.Equal("{}", File.ReadAllText(_folder[AlertBookFile.FileName]));
    }

    [Fact]
    public void Write_WhereNothingCanBeWritten_IsAWarning()
    {
        AlertBookFile.Write(_folder.Write("file", "x"), Book(), _warnings.Add);
        Assert.Contains("CE8206", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    private static AlertBook Book()
    {
        AlertOutcome outcome = AlertEvaluation.Judge(AlertRule.Defaults, AlertBook.Empty, AlertEvaluationTests.Window(1, "price", "länge \"<&"), new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.Zero));
        return outcome.Book.With([ChannelPlan.ForPeople(new ChannelMemory("slack"), outcome, AlertSeverity.Info).Otherwise]);
    }
}
