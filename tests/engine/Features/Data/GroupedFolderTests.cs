using System.Runtime.InteropServices;
using ChurnEngine.Columns;
using ChurnEngine.Features.Tests.Oracle;
using ChurnEngine.Ingest;
using ChurnEngine.TestKit;

namespace ChurnEngine.Features.Tests.Data;

/// <summary>Tables that are kept grouped: the same data again, for as long as nothing changed, and never data that was damaged.</summary>
public sealed class GroupedFolderTests : IDisposable
{
    private static readonly JobBudget s_budget = new() { Threads = 2 };
    private readonly IngestSession _session = new(new IngestOptions { Budget = s_budget });
    private readonly OracleWorld _world;
    private readonly TemporaryDirectory _folder = new();
    private readonly FeaturePlan _plan;

    public GroupedFolderTests()
    {
        _world = new OracleWorld(21, _session);
        _plan = _world.Plan(PlanSqlTests.Features);
    }

    private string Folder => _folder["grouped"];

    public void Dispose()
    {
        _world.Dispose();
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Open_WhatWasKept_GivesTheSameBits()
    {
        string identity = GroupedFolder.IdentityOf(_plan, _session);
        using CustomerData data = Load();
        Assert.False(GroupedFolder.Holds(Folder, identity));
        Assert.True(GroupedFolder.Keep(Folder, data, identity, ["a note"], (s_budget, null, default)) > 0);
        Assert.True(GroupedFolder.Holds(Folder, identity));
        (CustomerData opened, IReadOnlyList<string> notes) = GroupedFolder.Open(Folder, _plan);
        using (opened)
        {
            Assert.Equal(["a note"], notes);
            Assert.Equal((data.RowsRead, data.CustomerCount, data.KeyType, data.FirstEventAt, data.LastKnownAt, data.LongestLatenessMicros),
                (opened.RowsRead, opened.CustomerCount, opened.KeyType, opened.FirstEventAt, opened.LastKnownAt, opened.LongestLatenessMicros));
            Assert.Equal(data.Warnings, opened.Warnings);
            AssertSameSet(data, opened);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_ManyCustomers_GivesTheSameKeysAndBits(bool textKeys)
    {
        FeaturePlan plan = World.Plan("  - { name: n, from: events, value: count }\n  - { name: s, from: events, value: sum(amount), windows: [30] }\n  - { name: p, from: customers, value: category(plan) }");
        var world = new World
        {
            TextKeys = textKeys,
            Customers = [.. Enumerable.Range(0, 40_000).Select(c => new TestCustomer(c * 7919L % 1_000_003, c % 40, Plan: c % 3 == 0 ? "basic" : "family"))],
            Events = [.. Enumerable.Range(0, 80_000).Select(e => new TestEvent(e / 2 * 7919L % 1_000_003, 1 + e * 31 % 100, e % 997 == 0 ? "cancel" : "play", e % 100, 1 + e * 31 % 100 + e % 3))],
        };
        using CustomerData data = world.Load(plan);
        Assert.True(data.PartitionCount > 1);
        GroupedFolder.Keep(Folder, data, new string('a', 64), [], (s_budget, null, default));
        using CustomerData opened = GroupedFolder.Open(Folder, plan).Data;
        AssertSameSet(data, opened, plan);
    }

    [Fact]
    public void IdentityOf_ChangedFilePlanOrLimit_IsAnother()
    {
        string before = GroupedFolder.IdentityOf(_plan, _session);
        FeaturePlan other = _world.Plan("  - { name: n, from: events, value: count }");
        Assert.NotEqual(before, GroupedFolder.IdentityOf(other, _session));
        using (var strict = new IngestSession(new IngestOptions { Budget = s_budget, BadShareLimit = 0.0001 }))
            Assert.NotEqual(before, GroupedFolder.IdentityOf(_plan, strict));
        File.SetLastWriteTimeUtc(_world.Events, File.GetLastWriteTimeUtc(_world.Events).AddSeconds(1));
        Assert.NotEqual(before, GroupedFolder.IdentityOf(_plan, _session));
    }

    [Fact]
    public void Keep_AnotherIdentity_ReplacesTheOldBlocks()
    {
        using CustomerData data = Load();
        string one = new('1', 64), other = new('2', 64);
        GroupedFolder.Keep(Folder, data, one, [], (s_budget, null, default));
        using CustomerData reader = GroupedFolder.Open(Folder, _plan).Data;
        _ = reader.BlockAt(0);
        GroupedFolder.Keep(Folder, data, other, [], (s_budget, null, default));
        Assert.False(GroupedFolder.Holds(Folder, one));
        Assert.True(GroupedFolder.Holds(Folder, other));
        Assert.DoesNotContain(Directory.GetFiles(Folder), path => Path.GetFileName(path).StartsWith('1'));
        // Whoever reads the old ones goes on.
        AssertSameSet(data, reader);
    }

    [Fact]
    public void Keep_FolderIsLocked_KeepsNothing()
    {
        using CustomerData data = Load();
        Directory.CreateDirectory(Folder);
        using FolderLock held = FolderLock.TryTake(Folder)!;
        Assert.Equal(0, GroupedFolder.Keep(Folder, data, new string('1', 64), [], (s_budget, null, default)));
    }

    [Theory]
    [InlineData("_grouped.json", 3)]
    [InlineData("_grouped.json", 200)]
    [InlineData("_grouped.json", 500)]
    [InlineData("_grouped.json", -40)]
    [InlineData("-customers.block", 8)]
    [InlineData("-00000.block", 4097)]
    [InlineData("-00000.block", -3)]
    public void Open_AnyByteFlipped_IsNoticed(string file, int place)
    {
        Keep();
        string path = Directory.GetFiles(Folder).Single(name => name.EndsWith(file, StringComparison.Ordinal));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[place < 0 ? bytes.Length + place : place] ^= 0x10;
        File.WriteAllBytes(path, bytes);
        AssertRefusedOrMadeAgain();
    }

    [Theory]
    [InlineData("-customers.block")]
    [InlineData("-00000.block")]
    public void Holds_FileCutOrGone_IsFalse(string file)
    {
        string identity = Keep();
        string path = Directory.GetFiles(Folder).Single(name => name.EndsWith(file, StringComparison.Ordinal));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        Assert.False(GroupedFolder.Holds(Folder, identity));
        File.Delete(path);
        Assert.False(GroupedFolder.Holds(Folder, identity));
        AssertRefusedOrMadeAgain();
    }

    [Fact]
    public void RefuseStrangers_OtherFiles_IsRefusedAndNothingTouched()
    {
        Directory.CreateDirectory(Folder);
        GroupedFolder.RefuseStrangers(Folder);
        File.WriteAllText(Path.Combine(Folder, "thesis.tex"), "years of work");
        Assert.Equal("CE3081", Assert.Throws<ChurnConfigException>(() => GroupedFolder.RefuseStrangers(Folder)).Code.ToString());
        Assert.Equal("CE3081", Assert.Throws<ChurnConfigException>(() => GroupedFolder.RefuseStrangers(Path.Combine(Folder, "thesis.tex"))).Code.ToString());
    }

    private CustomerData Load() => CustomerData.Load(_plan, _session, s_budget, null, default);

    private string Keep()
    {
        string identity = GroupedFolder.IdentityOf(_plan, _session);
        using CustomerData data = Load();
        GroupedFolder.Keep(Folder, data, identity, [], (s_budget, null, default));
        return identity;
    }

    private void AssertRefusedOrMadeAgain()
    {
        if (!GroupedFolder.Holds(Folder, GroupedFolder.IdentityOf(_plan, _session)))
            return;
        Assert.Equal("CE3080", Assert.Throws<ChurnDataException>(() =>
        {
            using CustomerData opened = GroupedFolder.Open(Folder, _plan).Data;
            for (int partition = 0; partition < opened.PartitionCount; partition++)
                _ = opened.BlockOf(partition);
        }).Code.ToString());
    }

    private void AssertSameSet(CustomerData expected, CustomerData actual, FeaturePlan? plan = null)
    {
        var options = new TrainingSetOptions { AsOf = [World.At(30), World.At(50)], Budget = s_budget };
        using TrainingSet one = TrainingSet.Build(plan ?? _plan, expected, options, default), other = TrainingSet.Build(plan ?? _plan, actual, options, default);
        Assert.True(one.Matrix.RowCount > 20);
        Assert.Equal(one.Labels, other.Labels);
        Assert.True(MemoryMarshal.AsBytes(one.Matrix.Rows(0, (int)one.Matrix.RowCount)).SequenceEqual(MemoryMarshal.AsBytes(other.Matrix.Rows(0, (int)other.Matrix.RowCount))));
        foreach (SnapshotRange range in one.Snapshots)
            Assert.Equal(World.ByKey(one.Matrix, one.Keys, range.Start, range.Count).Keys, World.ByKey(other.Matrix, other.Keys, range.Start, range.Count).Keys);
    }
}
