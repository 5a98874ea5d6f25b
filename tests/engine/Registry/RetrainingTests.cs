using ChurnEngine.Columns;

namespace ChurnEngine.Registry.Tests;

public sealed class RetrainingTests
{
    [Fact]
    public void Note_TheSameDecision_IsOneLine_AndAnotherOneMore()
    {
        using var scene = new RegistryScene();
        string version = scene.Register(0);
        scene.Registry.Note(new RetrainNote(RetrainDecision.NotNeeded, "no limit is broken"));
        scene.Registry.Note(new RetrainNote(RetrainDecision.NotNeeded, "no limit is broken"));
        scene.Registry.Note(new RetrainNote(RetrainDecision.NotNeeded, "no limit is broken, a week later"));
        scene.Registry.Note(new RetrainNote(RetrainDecision.Refused, "by roc_auc") { Version = version, From = "m-000000000000" });
        // Whoever was interrupted and runs again has other words for it.
        scene.Registry.Note(new RetrainNote(RetrainDecision.Refused, "by roc_auc, resumed") { Version = version });
        RegistryState state = scene.Registry.Read();
        Assert.Null(state.Fault);
        Assert.Equal([LogAction.Registered, LogAction.Retraining, LogAction.Retraining, LogAction.Retraining], state.Log.Entries.Select(entry => entry.Action));
        Assert.Equal((RetrainDecision.Refused, version, "by roc_auc"), (state.Log.Entries[^1].Decision, state.Log.Entries[^1].Version, state.Log.Entries[^1].Reason));
        Assert.Empty(state.Aliases);
        Assert.Empty(scene.Registry.Verify(RegistryScene.Walk).Problems);
    }

    [Fact]
    public void BeginRetraining_KeepsOthersFromIt_AndFromNothingElse()
    {
        using var scene = new RegistryScene();
        Assert.Equal(8101, Assert.Throws<ChurnConfigException>(() => scene.Registry.BeginRetraining()).Code.Number);
        string version = scene.Register(0);
        using (scene.Registry.BeginRetraining())
        {
            Assert.Equal(8118, Assert.Throws<ChurnTransientException>(() => scene.Registry.BeginRetraining()).Code.Number);
            scene.Register(1);
            Assert.True(scene.Promote(version).Moved);
        }
        scene.Registry.BeginRetraining().Dispose();
    }
}
