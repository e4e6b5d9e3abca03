using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class GroupWriterTests
{
    [Fact]
    public void A_lead_that_was_handed_over_is_given_back_even_after_a_failure()
    {
        var waiter = new CommitWaiter(isAsync: false);
        waiter.Lead();
        waiter.Complete(Invariant.Broken("another commit failed"));
        Assert.True(waiter.WaitForLead());
        Assert.Throws<NeuroStoreException>(waiter.ThrowIfFailed);
    }

    [Fact]
    public void A_writer_that_was_stopped_closes_with_a_waiter_that_was_to_lead()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        using RecordLog log = LogFixture.Create(files);
        var writer = new GroupWriter(
            Seams(files), Options, log, new EngineState(0, CatalogView.Empty, new Generation()));
        var waiter = new CommitWaiter(isAsync: false);
        lock (writer.Gate)
        {
            LogFixture.Add(writer.Records, [1]);
            Assert.True(writer.Join(waiter));
            waiter.Lead();
            writer.Stop(null);
        }

        Assert.Throws<NeuroStoreException>(() => writer.Await(waiter, leads: false));
        writer.Dispose();
        Assert.Equal(0, writer.WriteCount);
    }
}
