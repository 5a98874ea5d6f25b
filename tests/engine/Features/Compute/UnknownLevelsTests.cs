using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

public sealed class UnknownLevelsTests
{
    private const string Plan = "  - { name: n, from: events, value: count }\n  - { name: plan, from: customers, value: category(plan), categories: [basic, plus] }";

    [Fact]
    public void Featurizer_WithAnObserver_TellsTextsThatThePlanDoesNotKnow_AndNoOthers()
    {
        string?[] plans = ["basic", "gold", null, "plus", "gold", "silver", "", "basic"];
        var world = new World { Customers = [.. plans.Select((plan, i) => new TestCustomer(i + 1, 10, Plan: plan)), new TestCustomer(1, 150, Plan: "later")] };
        FeaturePlan plan = World.Plan(Plan);
        using CustomerData data = world.Load(plan);
        var unknown = new UnknownLevels(plan.Features.Count);
        using FeatureSnapshot told = new Featurizer(plan, data) { Unknown = unknown.Add }.Compute(World.At(100), Population.Scoring, new JobBudget { Threads = 2 }, default);
        using FeatureSnapshot alone = new Featurizer(plan, data).Compute(World.At(100), Population.Scoring, new JobBudget { Threads = 2 }, default);
        Assert.Equal((0, 3), (unknown.Rows(0), unknown.Rows(1)));
        Assert.Equal([new("gold", 2), new("silver", 1)], unknown.MostFrequent(1, 5));
        // Only who asks is told; the features are the same.
        Assert.Equal(alone.Matrix.Rows(0, (int)alone.Matrix.RowCount).ToArray(), told.Matrix.Rows(0, (int)told.Matrix.RowCount).ToArray());
    }

    [Fact]
    public void LiveCustomer_WithAnObserver_TellsItsText()
    {
        FeaturePlan plan = World.Plan(Plan);
        List<string> told = [];
        using var live = new LiveCustomer(plan) { Unknown = (feature, text) => told.Add($"{feature} {text}") };
        using (RecordBatch row = Row("gold"))
            live.Apply("customers", row);
        live.Read(World.At(100), new float[2]);
        Assert.Equal(["1 gold"], told);
    }

    [Fact]
    public void MostFrequent_EqualOnes_StandInOrdinalOrder_WhoeverCountedThem()
    {
        UnknownLevels a = new(1), b = new(1), both = new(1);
        foreach (string text in (string[])["z", "a", "z", "b"])
            a.Add(0, text);
        foreach (string text in (string[])["b", "\u00e9t\u00e9"])
            b.Add(0, Encoding.UTF8.GetBytes(text));
        both.Add(b);
        both.Add(a);
        a.Add(b);
        Assert.Equal([new("b", 2), new("z", 2), new("a", 1)], a.MostFrequent(0, 3));
        Assert.Equal(a.MostFrequent(0, 9), both.MostFrequent(0, 9));
        Assert.Equal(6, both.Rows(0));
    }

    [Fact]
    public void Texts_MoreThanAreKept_AreCountedAndNotNamed()
    {
        UnknownLevels levels = new(1), few = new(1);
        for (int i = 0; i <= UnknownLevels.MostTexts; i++)
            levels.Add(0, $"{i}");
        levels.Add(0, "7");
        Assert.Equal(UnknownLevels.MostTexts + 2, levels.Rows(0));
        Assert.Empty(levels.MostFrequent(0, 5));
        few.Add(0, "x");
        few.Add(levels);
        Assert.Empty(few.MostFrequent(0, 5));
        Assert.Equal(UnknownLevels.MostTexts + 3, few.Rows(0));
    }

    private static RecordBatch Row(string plan)
    {
        PrimitiveColumn<long> Whole(ColumnType type, long value)
        {
            using var builder = new PrimitiveBuilder<long>(type);
            builder.Append(value);
            return builder.Build();
        }
        using var text = new Utf8Builder();
        text.Append(plan);
        return new RecordBatch(new Schema([new("customer_id", ColumnType.Int64), new("signup_at", ColumnType.TimestampMicros), new("loaded_at", ColumnType.TimestampMicros), new("plan", ColumnType.Utf8)]),
            [Whole(ColumnType.Int64, 1), Whole(ColumnType.TimestampMicros, World.At(10)), Whole(ColumnType.TimestampMicros, World.At(10)), text.Build()], 1);
    }
}
