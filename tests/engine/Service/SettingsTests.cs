using System.Net;
using ChurnEngine.Columns;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Service.Tests;

/// <summary>The section <c>serve</c> of churn.yaml.</summary>
public sealed class SettingsTests(ServedWorld world)
{
    private ServeSettings Read(string serve) => ProjectConfig.Parse(File.ReadAllText(world.Config) + "\n" + serve, world.Config).Serve;

    [Fact]
    public void Section_Whole_IsReadWithPathsFromItsFolder()
    {
        ServeSettings settings = Read("""
            serve:
              listen: "*:9000"
              model: production
              online: features.sqlite
              keys: keys.txt
              tls: { certificate: cert.pem, key: key.pem }
              poll_seconds: 0.5
              limits: { body_kb: 64, events: 10, customers: 20, seconds: 3, in_flight: 4, drain_seconds: 0 }
              log: { folder: answers, rotate_mb: 2, rotate_minutes: 5, keep_days: 0 }
              traffic:
                salt: spring
                arms:
                  canary: { model: challenger, share: 0.05 }
                  shadow: { model: staging, share: 1, answers: false }
            """);
        Assert.Equal(new IPEndPoint(IPAddress.Any, 9000), settings.Listen);
        Assert.Equal("production", settings.Model);
        Assert.Equal([Path.Combine(world.World, "features.sqlite"), Path.Combine(world.World, "keys.txt"), Path.Combine(world.World, "cert.pem"), Path.Combine(world.World, "key.pem")], [settings.Online!, settings.Keys!, settings.Certificate!, settings.CertificateKey!]);
        Assert.Equal(new ServeLimits { BodyBytes = 64 << 10, Events = 10, Customers = 20, Seconds = 3, InFlight = 4, DrainSeconds = 0 }, settings.Limits);
        Assert.Equal(new PredictionLogSettings(Path.Combine(world.World, "answers"), 2, 5, 0), settings.Log);
        Assert.Equal("spring", settings.Traffic.Salt);
        Assert.Equal([new TrafficArm("canary", "challenger", 0.05, true), new TrafficArm("shadow", "staging", 1, false)], settings.Traffic.Arms);
    }

    [Fact]
    public void Section_Absent_ServesThisMachineAndLogsBesideTheProject()
    {
        ServeSettings settings = Read("");
        Assert.True(IPAddress.IsLoopback(settings.Listen.Address));
        Assert.Equal(Path.Combine(world.World, "predictions"), settings.Log.Folder);
        Assert.Empty(settings.Traffic.Arms);
    }

    [Theory]
    [InlineData("serve: { listen: here }", "CE1102", "an address and a port")]
    [InlineData("serve: { limits: { event: 1 } }", "", "events")]
    [InlineData("serve: { traffic: { arms: { a: { share: 0.5 } } } }", "CE1214", "arm 'a'")]
    [InlineData("serve: { traffic: { arms: { a: { model: staging, share: 0.6 }, b: { model: staging, share: 0.6 } } } }", "CE1214", "more than all customers")]
    [InlineData("serve: { traffic: { arms: { production: { model: staging, share: 0.6 } } } }", "CE1214", "is the name of all customers")]
    public void Section_Wrong_IsRefusedByName(string serve, string code, string what)
    {
        ChurnConfigException fault = Assert.Throws<ChurnConfigException>(() => Read(serve));
        Assert.StartsWith(code, fault.Code.ToString(), StringComparison.Ordinal);
        Assert.Contains(what, fault.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_OfAnotherSalt_IsAnother_AndArmsShareTheCustomers()
    {
        var traffic = new TrafficSettings("a", [new TrafficArm("b", "x", 0.5, true), new TrafficArm("c", "x", 0.25, true), new TrafficArm("s", "x", 0.5, false)]);
        string[] customers = [.. Enumerable.Range(0, 4000).Select(i => $"c{i}")];
        Assert.InRange(customers.Count(customer => traffic.AnsweringArm(customer)?.Name == "b"), 1850, 2150);
        Assert.InRange(customers.Count(customer => traffic.AnsweringArm(customer)?.Name == "c"), 850, 1150);
        // A shadow of half sees half of each arm.
        Assert.InRange(customers.Count(customer => traffic.AnsweringArm(customer)?.Name == "b" && traffic.IsShadowed(traffic.Arms[2], customer)), 850, 1150);
        Assert.InRange(customers.Count(customer => traffic.AnsweringArm(customer)?.Name != (traffic with { Salt = "z" }).AnsweringArm(customer)?.Name), 2000, 3000);
    }
}
