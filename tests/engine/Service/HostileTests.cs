using System.Net;

namespace ChurnEngine.Service.Tests;

public sealed class HostileTests(ServedWorld world)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task HostileRequests_GetAProblemDocument_AndTheServiceGoesOn(int seed)
    {
        await using RunningService service = await RunningService.Start(world.Model, world.Config, settings => settings with { Online = world.Online });
        string good = world.Request(world.Scores.Keys.OrderBy(customer => world.Request(customer).Length).First());
        JsonBits before = await JsonBits.Of(service, good);
        long leaked = Columns.NativeLedger.LeakedBuffers;
        var requests = new HostileRequests(seed, good);
        var counts = new SortedDictionary<int, int>();
        for (int i = 0; i < 5000; i++)
        {
            using HttpRequestMessage request = requests.Next();
            string sent = $"seed {seed}, request {i}: {request.RequestUri} {await request.Content!.ReadAsStringAsync()}";
            using HttpResponseMessage answer = await service.Client.SendAsync(request);
            Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} to {sent}: {await answer.Content.ReadAsStringAsync()}");
            if (answer.StatusCode != HttpStatusCode.OK)
                Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/problem+json", sent);
            counts[(int)answer.StatusCode] = counts.GetValueOrDefault((int)answer.StatusCode) + 1;
        }
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", counts.Select(count => $"{count.Key}: {count.Value}")));
        Assert.True(counts.GetValueOrDefault(400) > 2000 && counts.GetValueOrDefault(200) > 20, "the requests do not reach far");
        Assert.Equal(before, await JsonBits.Of(service, good));
        // A batch that a fault left behind is freed by the finalizer, which counts it.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(leaked, Columns.NativeLedger.LeakedBuffers);
    }

    private sealed record JsonBits(string Probability, string Version)
    {
        public static async Task<JsonBits> Of(RunningService service, string question)
        {
            var answer = await service.Ask("/predict", question);
            return new JsonBits(answer.GetProperty("churn_probability").GetRawText(), answer.GetProperty("model_version").GetString()!);
        }
    }
}
